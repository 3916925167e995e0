import { after, isPassing, passStep } from './pass.ts';
import type { Plan } from './plan.ts';

/** What comes after a step when what needs no answer is looked through. Instants are epoch milliseconds. */
export interface Ahead {
  /** The first step that acts; undefined where the journey ends. */
  readonly step: string | undefined;
  /** When it is reached. */
  readonly at: number;
  /** When the workflow wakes for it by itself: a split waits out its own time. */
  readonly wakesAt: number;
  readonly isSplit: boolean;
}

/**
 * Looks from `next` through waits and lots to the first step that acts, if `at` is the instant from which `next` counts.
 * A split seen this way opens at a known time, so that an event which comes too early can wait for it in Postgres.
 */
export function lookAhead(plan: Plan, entryId: string, next: string | undefined, at: number): Ahead {
  let instant = at;
  let id = next;
  for (;;) {
    const step = id === undefined ? undefined : plan.steps[id];
    if (id === undefined || step === undefined || !isPassing(step)) {
      const isSplit = step?.k === 'split' || step?.k === 'multi';
      const wakesAt = isSplit && step.t ? after(instant, step.t) : instant;
      return { step: step && id, at: instant, wakesAt, isSplit };
    }
    const passing = passStep(entryId, id, step, instant);
    instant = passing.at;
    id = passing.next;
  }
}

/** Which split opens, and when; null where it is not a split that comes. */
export function openingOf({ step, at, isSplit }: Ahead): { split: string; at: Date } | null {
  return isSplit && step !== undefined ? { split: step, at: new Date(at) } : null;
}
