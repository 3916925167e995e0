import type { ActivityKind, JourneyDocument } from './document.ts';
import { type Finding, finding } from './finding.ts';
import { kindsOf } from './steps.ts';

const unbuilt = finding('unbuilt');
const built: ReadonlySet<ActivityKind> = new Set([
  'EMAIL',
  'SMS',
  'PUSH',
  'Wait',
  'ConditionalSplit',
  'MultiCondition',
  'RandomSplit',
  'Holdout',
  'ContactCenter',
]);

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
      .filter((kind) => !built.has(kind))
      .map((kind) => unbuilt(`Activities.${id}.${kind}`, `the step kind ${kind} is not built yet`)),
  );
}
