import { RepointError } from '../domain/errors.ts';

/** Characters one rendering may produce, nested blocks counted at each level: about ten of the largest e-mails. */
const CHARACTERS_PER_RENDERING = 6_000_000;
/** What each loop round, partial and helper call costs beside its text. */
const CALL_COST = 50;

let left = CHARACTERS_PER_RENDERING;

/**
 * Runs one rendering (synchronous) with a fresh budget, so that a template whose loops or partials multiply ends with
 * an error instead of the process.
 */
export function withBudget<T>(render: () => T): T {
  left = CHARACTERS_PER_RENDERING;
  return render();
}

/** Charges for a piece of text that a loop, partial or helper produced. */
export function spend(text: string): string {
  left -= text.length + CALL_COST;
  if (left < 0) throw new RepointError('BadRequest', 'the template produces too much text');
  return text;
}

/** Refuses to make a piece of text of a length that a template asks for. */
export function affordable(length: number): number {
  if (length > left) throw new RepointError('BadRequest', 'the template produces too much text');
  return length;
}
