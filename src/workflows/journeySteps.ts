import type { ActivityFunctionWithOptions } from '@temporalio/workflow';
import type { MessageAnswer, MessageInput, SplitAnswer } from '../activities/journey/journeyActivities.ts';
import { after, type PassingStep, passStep, waitsAmong } from '../domain/journey/pass.ts';
import { branchesOf, type PlanStep } from '../domain/journey/plan.ts';
import { decide, finish } from './activities.ts';
import { ask, committed, type Passage, sleepUntil, stepInput } from './passage.ts';

type Judging = Extract<PlanStep, { k: 'split' | 'multi' }>;

/** A wait only moves the instant from which the next step may act; a lot is drawn at once, whenever it is due. */
export async function performPassing(
  passage: Passage,
  id: string,
  step: PassingStep,
): Promise<string | undefined> {
  const { passed, next, at } = passStep(passage.entryId, id, step, passage.due);
  passage.due = at;
  passage.waits.push(passed);
  return next;
}

/** Sleeps until the message is due and has it sent; whatever became of it, the participant goes on. */
export async function performMessage(
  passage: Passage,
  id: string,
  next: string | undefined,
  send: ActivityFunctionWithOptions<(input: MessageInput) => Promise<MessageAnswer>>,
): Promise<string | undefined> {
  if (hasWaits(passage)) await sleepUntil(passage, passage.due, summaryOf(passage, id));
  const last = next === undefined;
  const answer = await ask(passage, id, () =>
    send.executeWithOptions({ summary: id }, [{ ...stepInput(passage, id), last }]),
  );
  if (!answer) return undefined;
  committed(passage, answer.at);
  passage.over = next === undefined;
  return next;
}

/** Waits for the split's evaluation time or a wake, whichever is first, and takes the branch that Postgres says. */
export async function performSplit(passage: Passage, id: string, step: Judging): Promise<string | undefined> {
  const deadline = step.t ? after(passage.due, step.t) : passage.due;
  const mayWait = step.t !== undefined || hasWaits(passage);
  if (mayWait) await sleepUntil(passage, deadline, summaryOf(passage, id), passage.decided);
  const branches = branchesOf(step);
  const last = [...branches].flatMap(([branch, target]) => (target === undefined ? [branch] : []));
  const own = { ...(step.t && { evaluation: step.t }), last };
  const answer = await ask<Extract<SplitAnswer, { is: 'branch' }>>(passage, id, () => {
    passage.decided = passage.wakes;
    return decide({ ...stepInput(passage, id), ...own });
  });
  if (!answer) return undefined;
  committed(passage, answer.at);
  const next = branches.get(answer.branch);
  passage.over = next === undefined;
  return next;
}

/** A journey that ends on what needed no activity still ends in Postgres, when the waits have passed. */
export async function finishPassage(passage: Passage, lastStep: string): Promise<void> {
  await sleepUntil(passage, passage.due, summaryOf(passage, lastStep));
  await ask(passage, lastStep, () => finish(stepInput(passage, lastStep)));
}

function hasWaits(passage: Passage): boolean {
  return waitsAmong(passage.waits).length > 0;
}

/** `Wait3Days, CheckEngagement`: what a timer stands for in the Web UI. */
function summaryOf(passage: Passage, id: string): string {
  return [...new Set([...passage.waits.map((wait) => wait.step), id])].join(', ');
}
