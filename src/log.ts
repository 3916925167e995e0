import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

const options = (level: string) => ({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime });

/** The process's logger: one JSON object a line on stdout, the object first (`log.info({ journeyId }, 'published')`). */
export function createLog(level: string): Log {
  return pino(options(level));
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
