import type { HelperOptions } from 'handlebars';
import { RepointError } from '../../domain/errors.ts';

/** A helper as Handlebars calls it: the arguments of the template, then the options. */
export type Helper = (this: unknown, ...given: unknown[]) => unknown;

/** The arguments and the options of a call. */
export function call(given: readonly unknown[]): { values: readonly unknown[]; options: HelperOptions } {
  return { values: given.slice(0, -1), options: given.at(-1) as HelperOptions };
}

/** A value as text: nothing for a missing one, a list joined by commas. */
export function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  return String(value);
}

/** A value as a number; a list of one counts as its value. Not a number: an error that names the helper, not the value. */
export function number(value: unknown, helper: string): number {
  const parsed = typeof value === 'number' ? value : Number.parseFloat(text(value));
  if (!Number.isFinite(parsed)) throw new RepointError('BadRequest', `${helper}: the value is not a number`);
  return parsed;
}

/** Whether there is nothing to show: a variable that is missing renders as nothing, and so does what is made of it. */
export function isMissing(value: unknown): boolean {
  return text(value) === '';
}

/** Missing, empty, an empty list, false, 0: what `if` takes for false. */
export function isTruthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** A named argument (`yes="a"`) as text, or the fallback. */
export function named(options: HelperOptions, name: string, fallback: string): string {
  const value: unknown = options.hash[name];
  return value === undefined ? fallback : text(value);
}
