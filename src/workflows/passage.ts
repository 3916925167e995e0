import { condition, setCurrentDetails } from '@temporalio/workflow';
import type { Hold, StepInput } from '../activities/journey/journeyActivities.ts';
import type { Passed } from '../domain/journey/pass.ts';
import type { Position } from './messages.ts';

/**
 * Where a participant is. Waits are lazy: they only move `due`, and whoever needs the time to have passed sleeps until
 * it, so a wait before a split and the split's own time are one timer. Instants are epoch milliseconds.
 */
export interface Passage {
  readonly appId: string;
  readonly entryId: string;
  /** Instant of the last commit in Postgres. */
  since: number;
  due: number;
  /** What was passed since the last commit without an activity, in order: waits, lots drawn, steps passed over. */
  waits: Passed[];
  wakes: number;
  /** How many wakes the last decision has taken into account: one that came since is a reason to decide at once. */
  decided: number;
  /** Postgres has ended the entry. */
  over: boolean;
  /** The step that acts next. */
  step: string;
  sleepsUntil: number | null;
}

/** Where the participant is, for who asks the workflow. */
export function positionOf({ step, waits, due, sleepsUntil }: Passage): Position {
  return {
    step,
    passed: waits.map((passed) => passed.step),
    due: new Date(due).toISOString(),
    sleepsUntil: sleepsUntil === null ? null : new Date(sleepsUntil).toISOString(),
  };
}

/** The same in the Web UI, beside the summaries of what is pending. */
function showPosition(passage: Passage): void {
  const { step, passed, due, sleepsUntil } = positionOf(passage);
  const way = passed.length === 0 ? '' : `, after ${passed.join(', ')}`;
  const sleep = sleepsUntil === null ? '' : `; looks again ${sleepsUntil}`;
  setCurrentDetails(`On the way to **${step}**${way}, due ${due}${sleep}`);
}

/** Notes to which step the participant has come. */
export function comeTo(passage: Passage, step: string): void {
  passage.step = step;
  showPosition(passage);
}

/**
 * Sleeps until an instant or a wake beyond the `seen`, by default the next one. `summary` names the steps in the Web UI.
 */
export async function sleepUntil(
  passage: Passage,
  instant: number,
  summary: string,
  seen = passage.wakes,
): Promise<void> {
  const left = instant - Date.now();
  // condition with a time of zero would still cost a timer
  if (left <= 0) return;
  passage.sleepsUntil = instant;
  showPosition(passage);
  await condition(() => passage.wakes > seen, left, { summary });
  passage.sleepsUntil = null;
  showPosition(passage);
}

/** What a step tells Postgres of itself. */
export function stepInput(passage: Passage, step: string): StepInput {
  const { appId, entryId, since, waits } = passage;
  return { appId, entryId, step, since, waits, now: Date.now() };
}

/** Asks Postgres until it answers something else than to hold; undefined when the entry is over. */
export async function ask<A extends { is: string }>(
  passage: Passage,
  summary: string,
  question: () => Promise<A | Hold>,
): Promise<A | undefined> {
  for (;;) {
    const seen = passage.wakes;
    const answer = await question();
    if (isHold(answer)) {
      if (!(await hold(passage, answer, summary, seen))) return undefined;
    } else return answer;
  }
}

function isHold(answer: { is: string }): answer is Hold {
  return answer.is === 'wait' || answer.is === 'parked' || answer.is === 'ended';
}

async function hold(passage: Passage, answer: Hold, summary: string, seen: number): Promise<boolean> {
  if (answer.is === 'ended') passage.over = true;
  else if (answer.is === 'wait') await sleepUntil(passage, answer.until, summary, seen);
  else await condition(() => passage.wakes > seen);
  return !passage.over;
}

/** What follows counts from `at`. */
export function committed(passage: Passage, at: number): void {
  passage.since = at;
  passage.due = at;
  passage.waits = [];
}
