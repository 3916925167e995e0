import { parseJourney } from '../../src/contract/journey/journey.ts';
import { RepointError } from '../../src/domain/errors.ts';

/** A message step. */
export const email = (next?: string) => ({ EMAIL: { TemplateName: 'welcome', NextActivity: next } });

export const wait = (time: object, next?: string) => ({ Wait: { WaitTime: time, NextActivity: next } });

/** A condition on an event, of a message where one is named. */
export const event = (message?: string, values = ['_email.open']) => ({
  EventCondition: { MessageActivity: message, Dimensions: { EventType: { Values: values } } },
});

export const split = (conditions: object[], more: object = {}) => ({
  ConditionalSplit: {
    Condition: { Operator: 'ALL', Conditions: conditions },
    EvaluationWaitTime: { WaitFor: 'P1D' },
    ...more,
  },
});

export const multi = (conditions: object[], more: object = {}) => ({
  MultiCondition: {
    Branches: conditions.map((Condition) => ({ Condition })),
    EvaluationWaitTime: { WaitFor: 'P1D' },
    ...more,
  },
});

/** A journey of these steps that begins with the first, ready to be published. */
export const journey = (activities: object, more: object = {}) => ({
  Name: 'J',
  State: 'ACTIVE',
  StartActivity: Object.keys(activities)[0],
  StartCondition: { SegmentStartCondition: { SegmentId: 's' } },
  Activities: activities,
  ...more,
});

/** What a journey that has to be refused is refused with. */
export function refusal(request: unknown): RepointError {
  try {
    parseJourney(request);
  } catch (error) {
    if (error instanceof RepointError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

export const problemsOf = (request: unknown) => refusal(request).problems;
