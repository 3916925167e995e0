import type { Tx } from '../../db/database.ts';
import { type Entry, endEntry, moveEntry, readStep } from '../../db/journeys/entries.ts';
import { wakeEntry } from '../../db/journeys/entryWorkflow.ts';
import { closeWatches, lockWatches, openWatches } from '../../db/journeys/watches.ts';
import type { Deps } from '../../deps.ts';
import { lookAhead, openingOf } from '../../domain/journey/ahead.ts';
import { dueAfter } from '../../domain/journey/due.ts';
import { waitsAmong } from '../../domain/journey/pass.ts';
import { type Branch, branchesOf } from '../../domain/journey/plan.ts';
import { stepById } from '../../domain/journey/stepOf.ts';
import { isJudgingStep, type JudgingStep } from '../../domain/journey/steps.ts';
import { verdict } from '../../domain/journey/verdict.ts';
import { type Gate, isHold, passGate, stepTime, waitUntil } from './gate.ts';
import type { SplitAnswer, SplitInput } from './journeyActivities.ts';
import { type Judged, judgeConditions } from './judge.ts';
import { recordPassage } from './recordPassage.ts';

/**
 * The only judge of a split. It reads what arrived until the end of the evaluation time; a branch that nothing can
 * change any more is taken at once, else at the end. The verdict is written once and a repeat returns it.
 */
export async function decide(deps: Deps, input: SplitInput): Promise<SplitAnswer> {
  const now = await stepTime(deps, input);
  return await deps.db.transaction().execute(async (tx) => {
    const gate = await passGate(tx, input, now);
    if (isHold(gate)) return gate;
    const written = await readStep(tx, gate.entry, input.step);
    if (written) return { is: 'branch', branch: written.decision as Branch, at: written.at.getTime() };
    const step = stepById(gate.document, input.step);
    if (!step || !isJudgingStep(step))
      throw new Error(`Step ${input.step} is no split in its journey's document`);
    return await judge(tx, gate, step, input, now);
  });
}

async function judge(
  tx: Tx,
  gate: Gate,
  step: JudgingStep,
  input: SplitInput,
  now: Date,
): Promise<SplitAnswer> {
  const waits = [...waitsAmong(input.waits), ...(input.evaluation ? [input.evaluation] : [])];
  const deadline = dueAfter(input.since, waits, gate.pauses) ?? Number.POSITIVE_INFINITY;
  await lockWatches(tx, gate.entry, input.step);
  const judged = await judgeConditions(tx, gate, step, {
    evaluation: gate.journey.split_evaluation ?? 'event',
    isOver: now.getTime() >= deadline,
    arrivedBy: new Date(Math.min(deadline, now.getTime())),
    now,
  });
  const branch = verdict(
    step,
    judged.map(({ truth }) => truth),
  );
  if (branch === 'open') return await waitUntil(tx, gate.entry, deadline);
  const reason = reasonOf(step, judged);
  await recordPassage(tx, gate, input, {
    step: input.step,
    kind: step.kind,
    at: now,
    decision: branch,
    reason,
  });
  await closeWatches(tx, gate.entry, input.step, now);
  await moveOn(tx, gate, input, branch, now);
  return { is: 'branch', branch, at: now.getTime() };
}

/** What was found, in the document's order; of several branches only as far as the one that was taken. */
function reasonOf(step: JudgingStep, judged: readonly Judged[]): string {
  const whys = judged.map(({ why }) => why);
  if (step.kind === 'split') return whys.join('; ');
  const taken = judged.findIndex(({ truth }) => truth === 'yes');
  return whys
    .slice(0, taken === -1 ? whys.length : taken + 1)
    .map((why, index) => `branch ${index + 1}: ${why}`)
    .join('; ');
}

async function moveOn(tx: Tx, gate: Gate, input: SplitInput, branch: Branch, now: Date): Promise<void> {
  const { entry, plan } = gate;
  if (input.last.includes(branch)) return await endEntry(tx, entry, input.step, 'COMPLETED', now);
  const step = plan.steps[input.step];
  const next = step && branchesOf(step).get(branch);
  const ahead = lookAhead(plan, entry.id, next, now.getTime());
  await openAhead(tx, entry, ahead, now);
  await moveEntry(tx, entry, input.step, ahead);
}

/**
 * When the next split can be foreseen, its watches learn when it opens. One that waits is woken then for what has come
 * before; one that does not looks by itself.
 */
export async function openAhead(
  tx: Tx,
  entry: Entry,
  ahead: ReturnType<typeof lookAhead>,
  now: Date,
): Promise<void> {
  const opens = openingOf(ahead);
  if (opens === null) return;
  const hasCome = await openWatches(tx, entry, opens.split, opens.at);
  if (hasCome && ahead.wakesAt > ahead.at) await wakeEntry(tx, entry, opens.at, now);
}
