import { type Branch, branchName } from './plan.ts';
import type { Condition, JudgingStep } from './steps.ts';

/** Open: nobody can say yet. */
export type Truth = 'yes' | 'no' | 'open';

/**
 * When splits are judged.
 * - event: a branch is taken as soon as nothing can change it any more
 * - at-end: as the original did: the whole evaluation time is waited, then all is judged once
 */
export type SplitEvaluation = 'event' | 'at-end';
export const splitEvaluations = ['event', 'at-end'] as const satisfies readonly SplitEvaluation[];

/** How far a split's evaluation time has come. */
export interface Moment {
  readonly evaluation: SplitEvaluation;
  /** The evaluation time is over: this is the judgement. */
  readonly isOver: boolean;
}

/**
 * What is true of one condition. An event that arrived stays arrived, so a yes of its is final at once; that none came,
 * and whether somebody is in a segment, is only known at the end.
 */
export function truthOf(kind: Condition['kind'], holds: boolean, moment: Moment): Truth {
  if (moment.isOver) return holds ? 'yes' : 'no';
  return kind === 'event' && holds && moment.evaluation === 'event' ? 'yes' : 'open';
}

/**
 * The branch that the conditions lead to whatever becomes of the open ones, or `open` while that is not settled. The
 * table in docs/journeys.md is this function.
 */
export function verdict(step: JudgingStep, truths: readonly Truth[]): Branch | 'open' {
  if (step.kind === 'multi') return firstThatHolds(truths);
  const [deciding, other] = step.operator === 'ALL' ? (['no', 'yes'] as const) : (['yes', 'no'] as const);
  if (truths.includes(deciding)) return deciding;
  return truths.includes('open') ? 'open' : other;
}

/** A branch is taken when it holds and none before it can still turn out to. */
function firstThatHolds(truths: readonly Truth[]): Branch | 'open' {
  const index = truths.findIndex((truth) => truth !== 'no');
  if (index === -1) return 'else';
  return truths[index] === 'open' ? 'open' : branchName(index);
}

/**
 * Whether an event that fulfils one condition can ever settle a split before its end: only then it is worth a wake. In
 * the best case every other event of it has come, in the worst none.
 */
export function settlesEarly(step: JudgingStep, condition: number, evaluation: SplitEvaluation): boolean {
  // one that is judged when it is reached has its end where it opens: its own timer is there as soon as a wake
  if (step.evaluation === undefined) return false;
  const settles = (othersHold: boolean): boolean => {
    const truths = step.conditions.map(({ kind }, index) =>
      truthOf(kind, othersHold || index === condition, { evaluation, isOver: false }),
    );
    const without = truths.map((truth, index): Truth => (index === condition ? 'open' : truth));
    return verdict(step, truths) !== verdict(step, without);
  };
  return settles(false) || settles(true);
}
