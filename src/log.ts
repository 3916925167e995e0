import { type Logger, pino } from 'pino';

export type Log = Logger;

/** The process's logger: one JSON object a line, the object first (`log.info({ journeyId }, 'published')`). */
export function createLog(level: string): Log {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime });
}
