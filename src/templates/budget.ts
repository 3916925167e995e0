import { RepointError } from '../domain/errors.ts';
import type { Measured } from './measure.ts';

/**
 * What one rendering may spend: a character that a loop, partial or helper reads or makes costs one, nested blocks
 * counted at each level. About ten of the largest e-mails, and less than a second of work.
 */
const UNITS_PER_RENDERING = 10_000_000;
/** What each loop round, partial and helper call costs beside its text. */
const CALL_COST = 100;
const STATEMENT_COST = 25;
const PARTIALS_INSIDE_ONE_ANOTHER = 50;

let left = UNITS_PER_RENDERING;
let depth = 0;
let size: Pick<Measured, 'statements' | 'largestPartial'> = { statements: 0, largestPartial: 0 };

/**
 * Runs one rendering (synchronous) with a fresh budget, so that a template whose loops or partials multiply ends with
 * an error instead of the process. What is spent is counted, never timed: a template fails on every machine or on none.
 */
export function withBudget<T>(measured: Measured, render: () => T): T {
  left = UNITS_PER_RENDERING;
  depth = 0;
  size = measured;
  return render();
}

/**
 * Charges for a round of a loop and its text.
 * @param statements that the round runs; where that is not known, all that there are
 */
export function spendRound(text: string, statements: number | undefined): string {
  return spend(text, CALL_COST + STATEMENT_COST * (statements ?? size.statements));
}

/** Charges for a call of a partial and its text; partials that call each other for ever end here too. */
export function spendPartial(call: () => string | undefined): string | undefined {
  if (depth >= PARTIALS_INSIDE_ONE_ANOTHER) {
    throw new RepointError(
      'BadRequest',
      `more than ${PARTIALS_INSIDE_ONE_ANOTHER} partials inside one another`,
    );
  }
  depth++;
  const text = call();
  depth--;
  spend(text ?? '', CALL_COST + STATEMENT_COST * size.largestPartial);
  return text;
}

/** Charges for a helper's call, by what it is given and what it makes. */
export function spendHelper(values: readonly unknown[], result: unknown, ownCost = 0): void {
  const read = values.reduce<number>((sum, value) => sum + lengthOf(value), 0);
  spend(typeof result === 'string' ? result : '', CALL_COST + ownCost + read);
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return Array.isArray(value) ? value.reduce<number>((sum, item) => sum + lengthOf(item), 0) : 0;
}

function spend(text: string, units: number): string {
  left -= text.length + units;
  if (left < 0) throw tooMuch();
  return text;
}

/** Refuses to make a piece of text of a length that a template asks for. */
export function affordable(length: number): number {
  if (length > left) throw tooMuch();
  return length;
}

function tooMuch(): RepointError {
  return new RepointError(
    'BadRequest',
    'its loops, partials and helpers do too much or produce too much text',
  );
}
