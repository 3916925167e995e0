import { endEntry } from '../db/entries.ts';
import type { Deps } from '../deps.ts';
import { isHold, passGate, recordPassage, stepTime } from './gate.ts';
import type { Hold, StepInput } from './journeyActivities.ts';

/** Ends an entry whose last steps were waits, once they have passed. */
export async function finish(deps: Deps, input: StepInput): Promise<Hold> {
  const now = await stepTime(deps, input);
  return await deps.db.transaction().execute(async (tx) => {
    const gate = await passGate(tx, input, now);
    if (isHold(gate)) return gate;
    await recordPassage(tx, gate, input, {
      step: input.step,
      kind: 'wait',
      at: now,
      decision: 'passed',
      reason: null,
    });
    await endEntry(tx, gate.entry, input.step, 'COMPLETED', now);
    return { is: 'ended' };
  });
}
