import { setTimeout as sleep } from 'node:timers/promises';
import { connectTemporal, type TemporalSettings } from '../client/connectTemporal.ts';
import { RepointError } from '../domain/errors.ts';
import { type ServerProcess, startServer } from './processes.ts';

export interface TemporalServerOptions {
  /** Path of the `temporal` program. */
  readonly program: string;
  readonly port: number;
  readonly uiPort: number;
  /** SQLite file in which workflows outlive restarts. */
  readonly databaseFile: string;
  readonly logFile: string;
}

export interface TemporalServer {
  readonly settings: TemporalSettings;
  readonly uiUrl: string;
  readonly pid: number;
  /** Settles when the server has ended, with what it printed. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const readyTimeoutMs = 60_000;

/**
 * Starts Temporal's dev server with its Web UI on 127.0.0.1, ready for use.
 * @throws RepointError Unavailable with what the server printed
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const server = await startServer({
    command: options.program,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error'],
      ...['--port', String(options.port), '--ui-port', String(options.uiPort)],
      ...['--db-filename', options.databaseFile],
    ],
    logFile: options.logFile,
    // It would ask Temporal's makers for news: nothing leaves the machine unasked
    env: { TEMPORAL_VERSION_CHECK_DISABLED: 'true' },
  });
  const settings = {
    connectionOptions: { address: `127.0.0.1:${options.port}` },
    namespace: 'default',
  };
  await untilReady(settings, server, options);
  return {
    settings,
    uiUrl: `http://127.0.0.1:${options.uiPort}`,
    pid: server.pid,
    ended: server.ended,
    stop: () => server.stop('SIGTERM'),
  };
}

async function untilReady(
  settings: TemporalSettings,
  server: ServerProcess,
  options: TemporalServerOptions,
): Promise<void> {
  let lastWords: string | null = null;
  void server.ended.then((printed) => {
    lastWords = printed;
  });
  const impatient = { ...settings, connectTimeoutMs: 500 };
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    if (lastWords !== null) throw didNotStart(options, lastWords);
    const connection = await connectTemporal(impatient).catch(() => null);
    if (connection !== null) return connection.close();
    if (Date.now() > deadline) {
      await server.stop('SIGKILL');
      throw didNotStart(options, `no answer in ${readyTimeoutMs / 1000} s; see ${options.logFile}`);
    }
    await sleep(50);
  }
}

function didNotStart(options: TemporalServerOptions, reason: string): RepointError {
  return new RepointError(
    'Unavailable',
    `Temporal's dev server did not start:\n${reason}\nIf its data is broken, move it away ` +
      `(mv ${options.databaseFile} ${options.databaseFile}.broken; waiting journeys are in it), ` +
      'or set REPOINT_DATA_DIR to another folder.',
  );
}
