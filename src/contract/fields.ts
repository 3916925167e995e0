import { z } from 'zod';
import { parseInstant } from '../domain/instant.ts';

/** Pinpoint's quota on the names of custom attributes and metrics. */
const LONGEST_NAME = 50;

/** The name of a custom attribute or metric. */
export const ownName = z
  .string()
  .min(1, 'the name must not be empty')
  .max(LONGEST_NAME, `the name must have at most ${LONGEST_NAME} characters`);

/** A point in time as text, ISO 8601; without an offset it is UTC. */
export const instant = z.string().transform((text, context) => {
  const parsed = parseInstant(text);
  if (!('problem' in parsed)) return new Date(parsed.epochMilliseconds);
  context.addIssue({ code: 'custom', message: parsed.problem });
  return z.NEVER;
});

/** A latitude (90) or a longitude (180). */
export function degrees(most: number) {
  return z.number().min(-most, `must be at least -${most}`).max(most, `must be at most ${most}`);
}

/**
 * A record of a caller's own names. `z.record` leaves `__proto__` out without a word; here it is a problem like any
 * other name that cannot be kept.
 */
export function namedValues<Value extends z.ZodType>(name: z.ZodString, value: Value) {
  return z
    .unknown()
    .superRefine((given, context) => {
      if (typeof given !== 'object' || given === null || !Object.hasOwn(given, '__proto__')) return;
      context.addIssue({ code: 'custom', path: ['__proto__'], message: 'the name cannot be kept' });
    })
    .pipe(z.record(name, value));
}
