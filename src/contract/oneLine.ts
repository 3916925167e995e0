import { z } from 'zod';
import type { Problem } from '../domain/errors.ts';
import { shown } from './text.ts';

const wanted = 'must be one line, without control characters';
const isOneLine = (text: string) => !/[\p{Cc}\u2028\u2029]/u.test(text);

/** What becomes part of a message's header: a line break in it would begin another header. */
export const oneLineText = z.string().refine(isOneLine, wanted);

/** The same for members that are read without a schema; absent ones are in order. */
export function lineProblems(members: Readonly<Record<string, string | undefined>>): Problem[] {
  return Object.entries(members).flatMap(([path, text]) =>
    text === undefined || isOneLine(text) ? [] : [{ path, message: `${wanted}; given ${shown(text)}` }],
  );
}
