import { endEntry } from '../../db/journeys/entries.ts';
import type { Deps } from '../../deps.ts';
import { isHold, passGate, stepTime } from './gate.ts';
import type { Hold, StepInput } from './journeyActivities.ts';
import { recordPassage } from './recordPassage.ts';

/** Ends an entry whose last steps needed no activity, once their waits have passed. */
export async function finish(deps: Deps, input: StepInput): Promise<Hold> {
  const now = await stepTime(deps, input);
  return await deps.db.transaction().execute(async (tx) => {
    const gate = await passGate(tx, input, now);
    if (isHold(gate)) return gate;
    await recordPassage(tx, gate, input);
    const last = input.waits.at(-1);
    const isHeldOut = last !== undefined && 'k' in last && last.k === 'holdout' && last.held;
    await endEntry(tx, gate.entry, input.step, isHeldOut ? 'HOLDOUT' : 'COMPLETED', now);
    return { is: 'ended' };
  });
}
