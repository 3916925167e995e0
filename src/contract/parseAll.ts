import type { z } from 'zod';
import { badRequest, type Problem } from '../domain/errors.ts';
import { zodProblems } from './zodProblems.ts';

/**
 * Parses what can be parsed: members that are wrong are reported and taken for absent, so that the checks that
 * follow can still speak of the rest, and the caller hears of everything at once.
 * @throws RepointError BadRequest when not even the rest can be read
 */
export function parseAll<T>(schema: z.ZodType<T>, given: unknown): { value: T; problems: Problem[] } {
  const first = schema.safeParse(given, { reportInput: true });
  if (first.success) return { value: first.data, problems: [] };
  const { issues } = first.error;
  const problems = zodProblems(first.error);
  const second = schema.safeParse(issues.reduce((rest: unknown, { path }) => without(rest, path), given));
  if (!second.success) throw badRequest(problems);
  return { value: second.data, problems };
}

/** A copy without the member at a path; a list goes as a whole, as it has no absent items. */
function without(value: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (key === undefined || Array.isArray(value)) return undefined;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    if (name !== key) return [[name, member]];
    const kept = rest.length === 0 ? undefined : without(member, rest);
    return kept === undefined ? [] : [[name, kept]];
  });
  return Object.fromEntries(members);
}
