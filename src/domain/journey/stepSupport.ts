import type { ActivityKind } from './document.ts';

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
