import type { ActivityKind, JourneyDocument } from './document.ts';
import { type Finding, finding } from './finding.ts';
import { kindsOf } from './steps.ts';

const unbuilt = finding('unbuilt');

/** What becomes of each kind of step: it runs, people pass it and nothing is done, or it cannot be published. */
export const stepSupport: Readonly<Record<ActivityKind, 'runs' | 'passed over' | 'not built'>> = {
  EMAIL: 'runs',
  SMS: 'runs',
  PUSH: 'runs',
  CUSTOM: 'not built',
  ContactCenter: 'passed over',
  Wait: 'runs',
  ConditionalSplit: 'runs',
  MultiCondition: 'runs',
  RandomSplit: 'runs',
  Holdout: 'runs',
};

/** What a sound document asks for that cannot be run yet. A journey that ignored it would not be the one that was written. */
export function unbuiltFeatures(document: JourneyDocument): Finding[] {
  return [...unbuiltSettings(document), ...unbuiltSteps(document)];
}

function unbuiltSettings(document: JourneyDocument): Finding[] {
  const asked: Readonly<Record<string, boolean>> = {
    LocalTime: document.LocalTime === true,
  };
  return Object.entries(asked).flatMap(([path, isAsked]) =>
    isAsked ? [unbuilt(path, 'not built yet')] : [],
  );
}

function unbuiltSteps(document: JourneyDocument): Finding[] {
  return Object.entries(document.Activities ?? {}).flatMap(([id, activity]) =>
    kindsOf(activity)
      .filter((kind) => stepSupport[kind] === 'not built')
      .map((kind) => unbuilt(`Activities.${id}.${kind}`, `the step kind ${kind} is not built yet`)),
  );
}
