import type { z } from 'zod';
import { badRequest, type Problem } from '../domain/errors.ts';
import { shown } from './text.ts';

/**
 * Parses with a schema at the edge.
 * @param path where the input stands in the request, put before every problem's path; '' for its root
 * @param quote whether problems name the value given; not for what may be personal data
 * @throws RepointError BadRequest with every problem of the input
 */
export function parseWith<T>(schema: z.ZodType<T>, input: unknown, path = '', { quote = true } = {}): T {
  const parsed = schema.safeParse(input, { reportInput: quote });
  if (parsed.success) return parsed.data;
  throw badRequest(zodProblems(parsed.error, path));
}

/**
 * What zod found wrong, each with its path, the value given and what is allowed. Parse with `{ reportInput: true }`, or
 * the value given is missing from the text.
 */
export function zodProblems(error: z.ZodError, prefix = ''): Problem[] {
  return error.issues.map((issue) => ({
    path: joinPath(prefix, issue.path) || 'request body',
    message: withGiven(messageOf(issue), issue.input),
  }));
}

/** `Groups`, 0, `Type` as it stands in a request's JSON: `Groups[0].Type`. */
function joinPath(prefix: string, keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? String(key) : `${path}.${String(key)}`;
  }, prefix);
}

/** A record's bad key says why in an issue of its own; what is absent is told in the words of the other edges. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.message.endsWith('received undefined')) return 'is required';
  return (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message;
}

/** A text of our own may name the value already. */
function withGiven(message: string, input: unknown): string {
  if (input === undefined) return message;
  const value = shown(input);
  return message.startsWith(value) || message.startsWith('"') ? message : `${value}: ${message}`;
}
