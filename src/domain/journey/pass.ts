import { branchOfLot, draw } from './draw.ts';
import { branchesOf, branchName, type PlanStep, type Wait } from './plan.ts';

/** A step that needs nobody's answer: it moves the time, draws a lot or is passed over. */
export type PassingStep = Extract<PlanStep, { k: 'wait' | 'random' | 'holdout' | 'contactCenter' }>;

/** What happened at such a step, to be recorded by the next commit. A wait has no `k`: it is `for` or `until`. */
export type Passed =
  | (Wait & { readonly step: string })
  | { readonly k: 'random'; readonly step: string; readonly branch: number }
  | { readonly k: 'holdout'; readonly step: string; readonly held: boolean }
  | { readonly k: 'contactCenter'; readonly step: string };
export type PassedWait = Extract<Passed, Wait>;

/** A step passed. Instants are epoch milliseconds. */
export interface Passing {
  readonly passed: Passed;
  readonly next: string | undefined;
  /** When the next step is reached. */
  readonly at: number;
}

/** Whether a step can be passed without an activity. */
export function isPassing(step: PlanStep): step is PassingStep {
  return step.k === 'wait' || step.k === 'random' || step.k === 'holdout' || step.k === 'contactCenter';
}

/**
 * Passes a step that was reached at an instant. The same for the workflow, which goes on, and for whoever looks ahead:
 * both know the entry, and its lots are the same for both.
 */
export function passStep(entryId: string, id: string, step: PassingStep, at: number): Passing {
  switch (step.k) {
    case 'wait':
      return { passed: { ...step.t, step: id }, next: step.next, at: after(at, step.t) };
    case 'random': {
      const branch = branchOfLot(draw(entryId, id), step.share);
      const next = branchesOf(step).get(branchName(branch));
      return { passed: { k: 'random', step: id, branch }, next, at };
    }
    case 'holdout': {
      const held = draw(entryId, id) < step.share;
      return { passed: { k: 'holdout', step: id, held }, next: held ? undefined : step.next, at };
    }
    case 'contactCenter':
      return { passed: { k: 'contactCenter', step: id }, next: step.next, at };
  }
}

/** The end of a wait that begins at `instant`. */
export function after(instant: number, wait: Wait): number {
  return 'for' in wait ? instant + wait.for : Math.max(instant, wait.until);
}

/** The waits among what happened. */
export function waitsAmong(passed: readonly Passed[]): PassedWait[] {
  return passed.filter((one) => 'for' in one || 'until' in one);
}
