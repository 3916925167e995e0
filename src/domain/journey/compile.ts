import { millisecondsOf } from '../duration.ts';
import { parseInstant } from '../instant.ts';
import type { JourneyDocument, WaitTime } from './document.ts';
import { PLAN_VERSION, type Plan, type PlanStep, type Wait } from './plan.ts';
import { type Step, stepsOf } from './steps.ts';

/**
 * Compiles a document that was checked for publishing to the control flow a workflow carries: the steps that
 * can be reached, without any content. A target that does not exist is left out, so the participant ends there.
 * @param timeScale divides durations (1: as written); points in time stay as they are
 * @throws RangeError for a document that was not checked
 */
export function compile(document: JourneyDocument, timeScale: number): Plan {
  const steps = stepsOf(document);
  const start = document.StartActivity;
  if (start === undefined || !steps.has(start)) throw new RangeError(`no step to start with: ${start}`);
  const compiled = new Map<string, PlanStep>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = steps.get(id);
    if (step === undefined || compiled.has(id)) continue;
    const planStep = compileStep(step, timeScale, steps);
    compiled.set(id, planStep);
    open.push(...targetsOf(planStep));
  }
  return { v: PLAN_VERSION, start, steps: Object.fromEntries(compiled) };
}

/** The steps a compiled step can go to. */
export function targetsOf(step: PlanStep): string[] {
  const targets = step.k === 'split' ? [step.yes, step.no] : [step.next];
  return targets.filter((target) => target !== undefined);
}

function compileStep(step: Step, timeScale: number, steps: ReadonlyMap<string, Step>): PlanStep {
  const existing = (target?: string) => (target !== undefined && steps.has(target) ? target : undefined);
  if (step.kind !== 'split') {
    const next = existing(step.next);
    const base = step.kind === 'wait' ? { k: step.kind, t: waitOf(step.wait, timeScale) } : { k: step.kind };
    return { ...base, ...(next === undefined ? {} : { next }) };
  }
  const [yes, no] = [existing(step.yes), existing(step.no)];
  return {
    k: 'split',
    ...(step.evaluation === undefined ? {} : { t: waitOf(step.evaluation, timeScale) }),
    ...(yes === undefined ? {} : { yes }),
    ...(no === undefined ? {} : { no }),
  };
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
