import { z } from 'zod';

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
