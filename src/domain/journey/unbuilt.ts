import type { ActivityKind, JourneyDocument } from './document.ts';
import { type Finding, finding } from './finding.ts';

const unbuilt = finding('unbuilt');

/** What becomes of each kind of step: it runs, or people pass it and nothing is done. */
export const stepSupport: Readonly<Record<ActivityKind, 'runs' | 'passed over'>> = {
  EMAIL: 'runs',
  SMS: 'runs',
  PUSH: 'runs',
  CUSTOM: 'runs',
  ContactCenter: 'passed over',
  Wait: 'runs',
  ConditionalSplit: 'runs',
  MultiCondition: 'runs',
  RandomSplit: 'runs',
  Holdout: 'runs',
};

/** What a sound document asks for that cannot be run yet. A journey that ignored it would not be the one that was written. */
export function unbuiltFeatures(document: JourneyDocument): Finding[] {
  const asked: Readonly<Record<string, boolean>> = {
    LocalTime: document.LocalTime === true,
  };
  return Object.entries(asked).flatMap(([path, isAsked]) =>
    isAsked ? [unbuilt(path, 'not built yet')] : [],
  );
}
