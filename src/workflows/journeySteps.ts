import type { ActivityFunctionWithOptions } from '@temporalio/workflow';
import type { MessageAnswer, MessageInput, SplitAnswer } from '../activities/journeyActivities.ts';
import { after } from '../domain/journey/ahead.ts';
import type { PlanStep } from '../domain/journey/plan.ts';
import { decide, finish } from './activities.ts';
import { ask, committed, type Passage, sleepUntil, stepInput } from './passage.ts';

type Split = Extract<PlanStep, { k: 'split' }>;
type WaitStep = Extract<PlanStep, { k: 'wait' }>;

/** A wait only moves the instant from which the next step may act. */
export async function performWait(passage: Passage, id: string, step: WaitStep): Promise<string | undefined> {
  passage.due = after(passage.due, step.t);
  passage.waits.push({ ...step.t, step: id });
  return step.next;
}

/** Sleeps until the message is due and has it sent; whatever became of it, the participant goes on. */
export async function performMessage(
  passage: Passage,
  id: string,
  next: string | undefined,
  send: ActivityFunctionWithOptions<(input: MessageInput) => Promise<MessageAnswer>>,
): Promise<string | undefined> {
  if (passage.waits.length > 0) await sleepUntil(passage, passage.due, summaryOf(passage, id));
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
export async function performSplit(passage: Passage, id: string, step: Split): Promise<string | undefined> {
  const deadline = step.t ? after(passage.due, step.t) : passage.due;
  const mayWait = step.t !== undefined || passage.waits.length > 0;
  if (mayWait) await sleepUntil(passage, deadline, summaryOf(passage, id), passage.decided);
  const last = (['yes', 'no'] as const).filter((branch) => step[branch] === undefined);
  const own = { ...(step.t && { evaluation: step.t }), last };
  const answer = await ask<Extract<SplitAnswer, { is: 'branch' }>>(passage, id, () => {
    passage.decided = passage.wakes;
    return decide({ ...stepInput(passage, id), ...own });
  });
  if (!answer) return undefined;
  committed(passage, answer.at);
  passage.over = step[answer.branch] === undefined;
  return step[answer.branch];
}

/** A journey that ends on waits still ends in Postgres, when they have passed. */
export async function finishAfterWaits(passage: Passage, lastStep: string): Promise<void> {
  await sleepUntil(passage, passage.due, summaryOf(passage, lastStep));
  await ask(passage, lastStep, () => finish(stepInput(passage, lastStep)));
}

/** `Wait3Days, CheckEngagement`: what a timer stands for in the Web UI. */
function summaryOf(passage: Passage, id: string): string {
  return [...new Set([...passage.waits.map((wait) => wait.step), id])].join(', ');
}
