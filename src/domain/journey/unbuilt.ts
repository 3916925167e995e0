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

const builtLimits: ReadonlySet<string> = new Set(['EndpointReentryCap', 'EndpointReentryInterval']);

/** Limits and the value that asks for nothing beyond what happens anyway. */
const harmlessLimits: Readonly<Record<string, unknown>> = {
  DailyCap: 0,
  TotalCap: 0,
  MessagesPerSecond: 0,
};

/** What a sound document asks for that cannot be run yet. A journey that ignored it would not be the one that was written. */
export function unbuiltFeatures(document: JourneyDocument): Finding[] {
  return [...unbuiltSettings(document), ...unbuiltLimits(document.Limits), ...unbuiltSteps(document)];
}

function unbuiltSettings(document: JourneyDocument): Finding[] {
  const asked: Readonly<Record<string, boolean>> = {
    QuietTime: document.QuietTime !== undefined,
    LocalTime: document.LocalTime === true,
    SendingSchedule: document.SendingSchedule === true,
  };
  return Object.entries(asked).flatMap(([path, isAsked]) =>
    isAsked ? [unbuilt(path, 'not built yet')] : [],
  );
}

function unbuiltLimits(limits: JourneyDocument['Limits'] = {}): Finding[] {
  return Object.entries(limits)
    .filter(([name]) => !builtLimits.has(name))
    .filter(([name, value]) => value !== undefined && value !== harmlessLimits[name])
    .map(([name]) => unbuilt(`Limits.${name}`, 'not built yet'));
}

function unbuiltSteps(document: JourneyDocument): Finding[] {
  return Object.entries(document.Activities ?? {}).flatMap(([id, activity]) =>
    kindsOf(activity)
      .filter((kind) => !built.has(kind))
      .map((kind) => unbuilt(`Activities.${id}.${kind}`, `the step kind ${kind} is not built yet`)),
  );
}
