import { type LogMetadata, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Log } from './log.ts';

/** What of Temporal's log metadata says which work a line is about. */
const idFields = [
  'workflowId',
  'workflowType',
  'activityType',
  'activityId',
  'attempt',
  'taskQueue',
] as const;

/**
 * Gives Temporal's SDK our logger, and leaves signals to us. Once a process, before anything connects.
 * Of an error it writes the kind and the place: its message may quote a person's data.
 */
export function installTemporalRuntime(log: Log): void {
  const write =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: LogMetadata) =>
      log[level](meta === undefined ? {} : harmless(meta), message);
  // Every start and stop of every workflow is an info line; ours say what matters.
  const debug = write('debug');
  Runtime.install({
    shutdownSignals: [],
    logger: {
      log: (_level, message, meta) => debug(message, meta),
      trace: write('trace'),
      debug,
      info: debug,
      warn: write('warn'),
      error: write('error'),
    },
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
    },
  });
}

function harmless(meta: LogMetadata): object {
  const ids = idFields.flatMap((field) => (meta[field] === undefined ? [] : [[field, meta[field]]]));
  return { ...Object.fromEntries(ids), ...withoutMessage(meta.error) };
}

function withoutMessage(error: unknown): object {
  if (!(error instanceof Error)) return {};
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { error: error.name, ...code, at: frames.slice(0, 4).map((frame) => frame.trim()) };
}
