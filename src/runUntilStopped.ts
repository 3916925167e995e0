import { RepointError } from './domain/errors.ts';

/** Something that was started and can be stopped. */
export interface Running {
  /** Settles only when it ended by itself: resolved or rejected, that is a failure. */
  readonly ended?: Promise<unknown>;
  stop(): Promise<void>;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs an entrypoint: starts it, waits for a signal or its end, stops it. A second signal ends the process at once.
 * What went wrong is printed; the exit code is 0 only after a signal and a clean stop.
 * @param stopToo stops it like a signal when it resolves
 */
export async function runUntilStopped(
  start: (stopping: AbortSignal) => Promise<Running>,
  stopToo?: Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  const signalled = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => resolve());
  });
  for (const signal of signals) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(1);
      stopping.abort();
    });
  }
  void stopToo?.then(() => stopping.abort());
  try {
    const running = await start(stopping.signal);
    const failure = running.ended?.then(
      () => new RepointError('Internal', 'It ended by itself.'),
      (error: unknown) => error,
    );
    const error = await Promise.race([signalled, ...(failure === undefined ? [] : [failure])]);
    stopping.abort();
    await running.stop();
    if (error !== undefined) throw error;
    process.exitCode = 0;
  } catch (error) {
    if (error === stopping.signal.reason) return;
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
}

const keyless =
  'repoint: no access key was found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to one of REPOINT_ACCESS_KEYS, or AWS_PROFILE.';

/** What people can act on without a stack, and everything else with one. */
export function describeFailure(error: unknown): string {
  if (error instanceof Error && error.name === 'CredentialsProviderError') return keyless;
  if (!(error instanceof RepointError))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause = error.cause instanceof Error ? `\n  cause: ${error.cause.message}` : '';
  return `repoint: ${error.message}${cause}`;
}
