import type { Tx } from '../../db/database.ts';
import { recordSteps, type StepRecord } from '../../db/journeys/entries.ts';
import { draw } from '../../domain/journey/draw.ts';
import { dueAfter } from '../../domain/journey/due.ts';
import { type Passed, waitsAmong } from '../../domain/journey/pass.ts';
import { branchName } from '../../domain/journey/plan.ts';
import type { Gate } from './gate.ts';
import type { StepInput } from './journeyActivities.ts';

/** Why a contact-center step does nothing. */
export const NO_CONTACT_CENTER = 'CONTACT_CENTER_NOT_SUPPORTED';

/** Writes what was passed since the last commit, and what the step itself came to, where it came to something. */
export async function recordPassage(
  tx: Tx,
  gate: Gate,
  input: StepInput,
  own?: StepRecord & { readonly at: Date },
): Promise<void> {
  const passed = input.waits.map((one, index): StepRecord => {
    const reached = instantAfter(gate, input, index);
    const left = instantAfter(gate, input, index + 1);
    const step = { step: one.step, at: new Date(left) };
    return { ...step, ...outcomeOf(one, gate.entry.id, reached) };
  });
  await recordSteps(tx, gate.entry, own ? [...passed, own] : passed);
}

/** When the first so many of what was passed were behind the participant, epoch milliseconds. */
function instantAfter(gate: Gate, input: StepInput, count: number): number {
  const waits = waitsAmong(input.waits.slice(0, count));
  return dueAfter(input.since, waits, gate.pauses) ?? input.now;
}

type Outcome = Pick<StepRecord, 'kind' | 'decision' | 'reason'>;

function outcomeOf(passed: Passed, entryId: string, reached: number): Outcome {
  if (!('k' in passed)) {
    const isPast = 'until' in passed && passed.until <= reached;
    return isPast
      ? { kind: 'wait', decision: 'skipped', reason: 'WAIT_SKIPPED' }
      : { kind: 'wait', decision: 'passed', reason: null };
  }
  if (passed.k === 'contactCenter') return { kind: passed.k, decision: 'skipped', reason: NO_CONTACT_CENTER };
  const reason = `drew ${draw(entryId, passed.step)} of 0 to 99`;
  if (passed.k === 'random') return { kind: passed.k, decision: branchName(passed.branch), reason };
  return { kind: passed.k, decision: passed.held ? 'held out' : 'passed', reason };
}
