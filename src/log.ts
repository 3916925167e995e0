import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

const options = (level: string) => ({
  level,
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  serializers: { err: describeError },
});

/** The process's logger: one JSON object a line on stdout, the object first (`log.info({ journeyId }, 'published')`). */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(options(level), destination ?? pino.destination(1));
}

/** A logger for a terminal that people read: everything goes into a file, what is `shown` or worse also to stderr. */
export function createFileLog(level: string, file: string, shown: 'warn' | 'error' = 'warn'): Log {
  const stderr: DestinationStream = { write: (line) => process.stderr.write(line) };
  const streams = [
    { level: 'trace' as const, stream: pino.destination({ dest: file, sync: true }) },
    { level: shown, stream: stderr },
  ];
  return pino(options(level), pino.multistream(streams));
}

/** An error and what caused it, as the log keeps it. */
export interface LoggedError {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/**
 * What may be logged of an error. Postgres quotes the values of a row in a message and its details, so of its
 * errors only the code and the place are kept.
 */
export function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error };
  const code: unknown = Reflect.get(error, 'code');
  const quotesValues = Reflect.has(error, 'severity');
  const frames = error.stack?.slice(Math.max(0, error.stack.indexOf('\n    at ')));
  return {
    name: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(quotesValues ? {} : { message: error.message }),
    ...(frames === undefined ? {} : { stack: frames }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
