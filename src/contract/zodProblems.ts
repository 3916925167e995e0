import type { z } from 'zod';
import type { Problem } from '../domain/errors.ts';

/**
 * What zod found wrong, each with its path, the value given and what is allowed. Parse with `{ reportInput: true }`, or
 * the value given is missing from the text.
 */
export function zodProblems(error: z.ZodError, prefix = ''): Problem[] {
  return error.issues.map((issue) => ({
    path: [prefix, ...issue.path.map(String)].filter((part) => part !== '').join('.'),
    message: withGiven(issue.message, issue.input),
  }));
}

/** A text of our own may name the value already. */
function withGiven(message: string, input: unknown): string {
  if (input === undefined) return message;
  const value = given(input);
  return message.startsWith(value) ? message : `${value}: ${message}`;
}

function given(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
