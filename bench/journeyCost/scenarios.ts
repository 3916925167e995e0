import type { Node } from './straightforward.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** One participant's way through one journey, and the same way through the workflow one writes first. */
export interface Scenario {
  readonly name: string;
  readonly document: object | URL;
  /** Part of the ids of the participant's endpoints. */
  readonly person: string;
  /** Begins the journey, where it is not the segment that does. */
  readonly enters?: string;
  /** The step whose message is opened a day after it came. */
  readonly opens?: string;
  readonly days: number;
  /** What the journey sends to them, in order: proof that it was this way. */
  readonly gets: readonly string[];
  readonly nodes: readonly Node[];
}

const message = (id: string): Node => ({ id, kind: 'message' });
const wait = (id: string, days: number): Node => ({ id, kind: 'wait', for: days * day });
const event = (id: string, days: number): Node => ({ id, kind: 'event', for: days * day });

const email = (TemplateName: string, NextActivity?: string) => ({
  EMAIL: { TemplateName, ...(NextActivity && { NextActivity }) },
});
const waits = (WaitFor: string, NextActivity: string) => ({ Wait: { WaitTime: { WaitFor }, NextActivity } });
const eventType = (name: string) => ({ EventType: { DimensionType: 'INCLUSIVE', Values: [name] } });
const everybody = { SegmentStartCondition: { SegmentId: 'everybody' } };

const onboarding = {
  document: new URL('../../examples/tutorial/06-create-journey-canonical.json', import.meta.url),
  days: 5,
};
const welcomed = [message('WelcomeEmail'), wait('Wait3Days', 3), event('CheckEngagement', 1)];

/** Whoever opens the welcome passes all ten. */
const tenSteps = {
  Name: 'TenSteps',
  StartCondition: everybody,
  StartActivity: 'Welcome',
  Activities: {
    Welcome: email('welcome', 'TwoDays'),
    TwoDays: waits('P2D', 'Opened'),
    Opened: {
      ConditionalSplit: {
        Condition: {
          Operator: 'ANY',
          Conditions: [
            { EventCondition: { MessageActivity: 'Welcome', Dimensions: eventType('_email.open') } },
          ],
        },
        EvaluationWaitTime: { WaitFor: 'P1D' },
        TrueActivity: 'Tips',
        FalseActivity: 'AWeek',
      },
    },
    Tips: { PUSH: { TemplateName: 'tips', NextActivity: 'AWeek', MessageConfig: { TimeToLive: '3600' } } },
    AWeek: waits('P7D', 'StillHere'),
    StillHere: {
      ConditionalSplit: {
        Condition: {
          Operator: 'ANY',
          Conditions: [{ SegmentCondition: { SegmentId: 'still-here' } }],
        },
        TrueActivity: 'Offer',
      },
    },
    Offer: email('offer', 'Halves'),
    Halves: {
      RandomSplit: {
        Branches: [
          { Percentage: 50, NextActivity: 'ThreeDays' },
          { Percentage: 50, NextActivity: 'ThreeDays' },
        ],
      },
    },
    ThreeDays: waits('P3D', 'LastWord'),
    LastWord: { SMS: { TemplateName: 'last-word' } },
  },
};

const askForReview = {
  Name: 'AskForReview',
  StartCondition: {
    EventStartCondition: {
      EventFilter: { FilterType: 'ENDPOINT', Dimensions: eventType('order_delivered') },
    },
  },
  StartActivity: 'Thanks',
  Activities: {
    Thanks: email('thanks', 'FiveDays'),
    FiveDays: waits('P5D', 'Reviewed'),
    Reviewed: {
      ConditionalSplit: {
        Condition: {
          Operator: 'ANY',
          Conditions: [{ EventCondition: { Dimensions: eventType('review_posted') } }],
        },
        EvaluationWaitTime: { WaitFor: 'P2D' },
        FalseActivity: 'Ask',
      },
    },
    Ask: email('ask'),
  },
};

/** Days between the messages: thirty in all. */
const pauses = [1, 2, 3, 4, 5, 7, 8];
const drip = {
  Name: 'Drip',
  StartCondition: everybody,
  StartActivity: 'Mail1',
  Activities: Object.fromEntries([
    ...pauses.flatMap((days, index) => [
      [`Mail${index + 1}`, email('drip', `Pause${index + 1}`)],
      [`Pause${index + 1}`, waits(`P${days}D`, `Mail${index + 2}`)],
    ]),
    ['Mail8', email('drip')],
  ]),
};
const mails = Array.from({ length: 8 }, (_, index) => `Mail${index + 1}`);

export const scenarios: readonly Scenario[] = [
  {
    ...onboarding,
    name: "the tutorial's journey, never opened",
    person: 'never',
    gets: ['WelcomeEmail', 'ReengagePush'],
    nodes: [...welcomed, message('ReengagePush')],
  },
  {
    ...onboarding,
    name: "the tutorial's journey, opened",
    person: 'opens',
    opens: 'WelcomeEmail',
    gets: ['WelcomeEmail', 'EngagedFollowUp'],
    nodes: [...welcomed, message('EngagedFollowUp')],
  },
  {
    name: '10 steps, 4 messages',
    document: tenSteps,
    person: 'ten',
    opens: 'Welcome',
    days: 14,
    gets: ['Welcome', 'Tips', 'Offer', 'LastWord'],
    nodes: [
      message('Welcome'),
      wait('TwoDays', 2),
      event('Opened', 1),
      message('Tips'),
      wait('AWeek', 7),
      { id: 'StillHere', kind: 'segment' },
      message('Offer'),
      { id: 'Halves', kind: 'random' },
      wait('ThreeDays', 3),
      message('LastWord'),
    ],
  },
  {
    name: 'started by an event, 2 messages',
    document: askForReview,
    person: 'event',
    enters: 'order_delivered',
    days: 8,
    gets: ['Thanks', 'Ask'],
    nodes: [message('Thanks'), wait('FiveDays', 5), event('Reviewed', 2), message('Ask')],
  },
  {
    name: '30-day drip of 8 messages',
    document: drip,
    person: 'drip',
    days: 31,
    gets: mails,
    nodes: mails.flatMap((id, index) => [
      message(id),
      ...(pauses[index] === undefined ? [] : [wait(`Pause${index + 1}`, pauses[index])]),
    ]),
  },
];
