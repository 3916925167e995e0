import { millisecondsOf } from '../duration.ts';
import { parseInstant } from '../instant.ts';
import { present } from '../present.ts';
import { builtInWait } from './builtInWait.ts';
import type { JourneyDocument, WaitTime } from './document.ts';
import { branchesOf, PLAN_VERSION, type Plan, type PlanStep, type Wait } from './plan.ts';
import { stepsOf } from './stepOf.ts';
import type { JudgingStep, Step } from './steps.ts';
import type { SplitEvaluation } from './verdict.ts';

/**
 * Compiles a document that was checked for publishing to the control flow a workflow carries: the steps that
 * can be reached, without any content. A target that does not exist is left out, so the participant ends there.
 * @param timeScale divides durations (1: as written); points in time stay as they are
 * @param evaluation at-end: a split without an EvaluationWaitTime gets the original's built-in one
 * @throws RangeError for a document that was not checked
 */
export function compile(
  document: JourneyDocument,
  timeScale: number,
  evaluation: SplitEvaluation = 'event',
): Plan {
  const steps = stepsOf(document);
  const start = document.StartActivity;
  if (start === undefined || !steps.has(start)) throw new RangeError(`no step to start with: ${start}`);
  const compiled = new Map<string, PlanStep>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = steps.get(id);
    if (step === undefined || compiled.has(id)) continue;
    const planStep = compileStep(step, { document, timeScale, evaluation, steps });
    compiled.set(id, planStep);
    open.push(...targetsOf(planStep));
  }
  return { v: PLAN_VERSION, start, steps: Object.fromEntries(compiled) };
}

/** The steps a compiled step can go to. */
export function targetsOf(step: PlanStep): string[] {
  return [...branchesOf(step).values()].filter((target) => target !== undefined);
}

interface Compilation {
  readonly document: JourneyDocument;
  readonly timeScale: number;
  readonly evaluation: SplitEvaluation;
  readonly steps: ReadonlyMap<string, Step>;
}

function compileStep(step: Step, compilation: Compilation): PlanStep {
  const existing = (target: string | undefined) =>
    target !== undefined && compilation.steps.has(target) ? target : undefined;
  switch (step.kind) {
    case 'split':
      return {
        k: 'split',
        ...evaluationOf(step, compilation),
        ...present({ yes: existing(step.yes), no: existing(step.no) }),
      };
    case 'multi':
      return {
        k: 'multi',
        ...evaluationOf(step, compilation),
        to: step.targets.map((target) => existing(target) ?? null),
        ...present({ else: existing(step.otherwise) }),
      };
    case 'random':
      return {
        k: 'random',
        share: step.branches.map((branch) => branch.share),
        to: step.branches.map((branch) => existing(branch.next) ?? null),
      };
    case 'holdout':
      return { k: 'holdout', share: step.share, ...present({ next: existing(step.next) }) };
    case 'wait': {
      const t = waitOf(step.wait, compilation.timeScale);
      return { k: 'wait', t, ...present({ next: existing(step.next) }) };
    }
    default:
      return { k: step.kind, ...present({ next: existing(step.next) }) };
  }
}

function evaluationOf(step: JudgingStep, { document, timeScale, evaluation }: Compilation): { t?: Wait } {
  const time = step.evaluation ?? (evaluation === 'at-end' ? builtInWait(step, document) : undefined);
  return time === undefined ? {} : { t: waitOf(time, timeScale) };
}

/** A wait in milliseconds. A duration that is not nothing stays at least a millisecond, whatever the scale. */
export function waitOf(time: WaitTime, timeScale: number): Wait {
  if (time.WaitUntil !== undefined) {
    const instant = parseInstant(time.WaitUntil);
    if ('problem' in instant) throw new RangeError(instant.problem);
    return { until: instant.epochMilliseconds };
  }
  const milliseconds = millisecondsOf(time.WaitFor ?? '');
  return { for: milliseconds === 0 ? 0 : Math.max(1, Math.round(milliseconds / timeScale)) };
}
