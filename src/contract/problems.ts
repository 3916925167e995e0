import type { z } from 'zod';
import { badRequest, type Problem } from '../domain/errors.ts';

/**
 * Parses with a schema at the edge.
 * @param path where the input stands in the request, put before every problem's path; '' for its root
 * @throws RepointError BadRequest with every problem of the input
 */
export function parseWith<T>(schema: z.ZodType<T>, input: unknown, path: string): T {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw badRequest(problemsOf(parsed.error, path));
}

/** A schema's issues as problems. Values given are quoted only where they are words of the contract, never data. */
export function problemsOf(error: z.ZodError, path: string): Problem[] {
  return error.issues.map((issue) => ({
    path: joinPath(path, issue.path) || 'body',
    message: messageOf(issue),
  }));
}

/** `Groups`, 0, `Type` -> `Groups[0].Type` */
export function joinPath(base: string, keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? String(key) : `${path}.${String(key)}`;
  }, base);
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be of type ${issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}; given ${shown(issue.input)}`;
    default:
      return issue.message;
  }
}

function shown(input: unknown): string {
  const text = JSON.stringify(input) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
