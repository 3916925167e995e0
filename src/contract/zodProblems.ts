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
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: pathText(prefix, [...issue.path, key]),
          message: 'is not known here',
        }))
      : [{ path: pathText(prefix, issue.path), message: messageOf(issue) }],
  );
}

/** `Groups`, 0, `Type` as it stands in a request's JSON: `Groups[0].Type`. */
export function pathText(prefix: string, keys: readonly PropertyKey[]): string {
  const text = keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? String(key) : `${path}.${String(key)}`;
  }, prefix);
  return text || 'request body';
}

/** A record's bad key says why in an issue of its own. */
function messageOf(issue: z.core.$ZodIssue): string {
  const inner = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  return inner ?? ownWords(issue) ?? withGiven(issue.message, issue.input);
}

const wanted: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a finite number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** The words of the decoder, in place of zod's, for what both of them find. */
function ownWords(issue: z.core.$ZodIssue): string | undefined {
  if (issue.message.endsWith('received undefined')) return 'is required';
  if (!issue.message.startsWith('Invalid ')) return undefined;
  const given = issue.input === undefined ? '' : `; given ${shown(issue.input)}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}${given}`;
  const words = issue.code === 'invalid_type' ? wanted[issue.expected] : undefined;
  return words && `must be ${words}${given}`;
}

/** A text of our own may name the value already; a whole document is not repeated. */
function withGiven(message: string, input: unknown): string {
  if (input === undefined || typeof input === 'object') return message;
  const value = shown(input);
  return message.startsWith(value) || message.startsWith('"') ? message : `${value}: ${message}`;
}
