import { setHandler } from '@temporalio/workflow';
import { PLAN_VERSION, type Plan, type PlanStep, type StepKind } from '../domain/journey/plan.ts';
import { callCustomChannel, sendEmail, sendPush, sendSms } from './activities.ts';
import { finishPassage, performMessage, performPassing, performSplit } from './journeySteps.ts';
import { position, wake } from './messages.ts';
import { comeTo, type Passage, positionOf } from './passage.ts';

/** Ids and control flow only: content, addresses and attributes stay in Postgres. */
export interface JourneyInput {
  readonly appId: string;
  readonly entryId: string;
  /** Epoch milliseconds. */
  readonly enteredAt: number;
  readonly plan: Plan;
}

type Perform<K extends StepKind> = (
  passage: Passage,
  id: string,
  step: Extract<PlanStep, { k: K }>,
) => Promise<string | undefined>;

const perform: { readonly [K in StepKind]: Perform<K> } = {
  email: (passage, id, step) => performMessage(passage, id, step.next, sendEmail),
  sms: (passage, id, step) => performMessage(passage, id, step.next, sendSms),
  push: (passage, id, step) => performMessage(passage, id, step.next, sendPush),
  custom: (passage, id, step) => performMessage(passage, id, step.next, callCustomChannel),
  wait: performPassing,
  random: performPassing,
  holdout: performPassing,
  contactCenter: performPassing,
  split: performSplit,
  multi: performSplit,
};

/**
 * One participant's passage through one journey. Temporal wakes, Postgres decides: every answer about a person comes
 * from an activity, so that a late, lost, doubled or reordered wake costs time and never a wrong branch.
 */
export async function journey(input: JourneyInput): Promise<void> {
  const { appId, entryId, enteredAt, plan } = input;
  // An Error that is no ApplicationFailure fails the task, not the workflow: a newer worker takes over.
  if (plan.v !== PLAN_VERSION)
    throw new Error(`Plan version ${plan.v} is unknown here; this worker knows ${PLAN_VERSION}`);
  const passage: Passage = {
    appId,
    entryId,
    since: enteredAt,
    due: enteredAt,
    waits: [],
    wakes: 0,
    decided: 0,
    over: false,
    step: plan.start,
    sleepsUntil: null,
  };
  setHandler(wake, () => {
    passage.wakes += 1;
  });
  setHandler(position, () => positionOf(passage));
  let next: string | undefined = plan.start;
  let current = plan.start;
  while (next !== undefined && !passage.over) {
    current = next;
    comeTo(passage, current);
    next = await performStep(passage, plan, current);
  }
  if (!passage.over && passage.waits.length > 0) await finishPassage(passage, current);
}

function performStep<K extends StepKind>(
  passage: Passage,
  plan: Plan,
  id: string,
): Promise<string | undefined> {
  const step = plan.steps[id] as Extract<PlanStep, { k: K }> | undefined;
  const performKind = step && (perform[step.k as K] as Perform<K> | undefined);
  if (!step || !performKind) throw new Error(`Step ${id} of kind ${step?.k} is unknown to this worker`);
  return performKind(passage, id, step);
}
