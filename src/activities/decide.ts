import type { Tx } from '../db/database.ts';
import { type Entry, endEntry, moveEntry, readStep } from '../db/entries.ts';
import { closeWatches, lockWatches, openWatches } from '../db/watches.ts';
import type { Deps } from '../deps.ts';
import { lookAhead } from '../domain/journey/ahead.ts';
import { dueAfter } from '../domain/journey/due.ts';
import { type SplitStep, stepById } from '../domain/journey/steps.ts';
import { type Gate, isHold, passGate, recordPassage, stepTime, waitUntil } from './gate.ts';
import { heardEvents } from './heardEvents.ts';
import type { Branch, SplitAnswer, SplitInput } from './journeyActivities.ts';

/**
 * The only judge of a split. It reads what arrived until the end of the evaluation time; a branch that nothing can
 * change any more is taken at once, the other at the end. The verdict is written once and a repeat returns it.
 */
export async function decide(deps: Deps, input: SplitInput): Promise<SplitAnswer> {
  const now = await stepTime(deps, input);
  return await deps.db.transaction().execute(async (tx) => {
    const gate = await passGate(tx, input, now);
    if (isHold(gate)) return gate;
    const written = await readStep(tx, gate.entry, input.step);
    if (written) return { is: 'branch', branch: written.decision as Branch, at: written.at.getTime() };
    const split = stepById(gate.document, input.step);
    if (split?.kind !== 'split') throw new Error(`Step ${input.step} is no split in its journey's document`);
    return await judge(tx, gate, split, input, now);
  });
}

async function judge(
  tx: Tx,
  gate: Gate,
  split: SplitStep,
  input: SplitInput,
  now: Date,
): Promise<SplitAnswer> {
  const waits = input.evaluation ? [...input.waits, input.evaluation] : input.waits;
  const deadline = dueAfter(input.since, waits, gate.pauses) ?? Number.POSITIVE_INFINITY;
  await lockWatches(tx, gate.entry, input.step);
  const arrivedBy = new Date(Math.min(deadline, now.getTime()));
  const heard = await heardEvents(tx, gate.entry, split, arrivedBy);
  const fulfilled = heard.map((event) => event !== null);
  const holds = split.operator === 'ALL' ? fulfilled.every(Boolean) : fulfilled.some(Boolean);
  if (!holds && now.getTime() < deadline) return await waitUntil(tx, gate.entry, deadline);
  const branch = holds ? 'yes' : 'no';
  const reason = split.conditions
    .map((condition, index) => describe(condition, heard[index] ?? null))
    .join('; ');
  await recordPassage(tx, gate, input, {
    step: input.step,
    kind: 'split',
    at: now,
    decision: branch,
    reason,
  });
  await closeWatches(tx, gate.entry, input.step, now);
  await moveOn(tx, gate, input, branch, now);
  return { is: 'branch', branch, at: now.getTime() };
}

function describe(
  condition: SplitStep['conditions'][number],
  event: { type: string; receivedAt: Date } | null,
): string {
  const of = condition.messageActivity ? ` of ${condition.messageActivity}` : '';
  if (event) return `${event.type}${of} arrived ${event.receivedAt.toISOString()}`;
  const wanted = `${condition.dimensionType === 'EXCLUSIVE' ? 'other than ' : ''}${condition.eventTypes.join(' or ')}`;
  return `no event ${wanted}${of}`;
}

async function moveOn(tx: Tx, gate: Gate, input: SplitInput, branch: Branch, now: Date): Promise<void> {
  const { entry, plan } = gate;
  if (input.last.includes(branch)) return await endEntry(tx, entry, input.step, 'COMPLETED', now);
  const step = plan.steps[input.step];
  const ahead = lookAhead(plan, step?.k === 'split' ? step[branch] : undefined, now.getTime());
  await openAhead(tx, entry, ahead, now);
  await moveEntry(tx, entry, input.step, ahead);
}

/** When the next split can be foreseen, its watches learn when it opens. */
export async function openAhead(
  tx: Tx,
  entry: Entry,
  ahead: ReturnType<typeof lookAhead>,
  now: Date,
): Promise<void> {
  if (ahead.isSplit && ahead.step !== undefined)
    await openWatches(tx, entry, ahead.step, new Date(ahead.at), now);
}
