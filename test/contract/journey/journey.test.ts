import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectJourney, parseJourney } from '../../../src/contract/journey/journey.ts';
import { RepointError } from '../../../src/domain/errors.ts';

function example(name: string) {
  const file = path.resolve(import.meta.dirname, `../../../examples/tutorial/${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const email = (next?: string) => ({ EMAIL: { TemplateName: 'welcome', NextActivity: next } });
const wait = (time: object, next?: string) => ({ Wait: { WaitTime: time, NextActivity: next } });
const event = (message?: string, values = ['_email.open']) => ({
  EventCondition: { MessageActivity: message, Dimensions: { EventType: { Values: values } } },
});
const split = (conditions: object[], more: object = {}) => ({
  ConditionalSplit: {
    Condition: { Operator: 'ALL', Conditions: conditions },
    EvaluationWaitTime: { WaitFor: 'P1D' },
    ...more,
  },
});
const multi = (conditions: object[], more: object = {}) => ({
  MultiCondition: {
    Branches: conditions.map((Condition) => ({ Condition })),
    EvaluationWaitTime: { WaitFor: 'P1D' },
    ...more,
  },
});
const journey = (activities: object, more: object = {}) => ({
  Name: 'J',
  State: 'ACTIVE',
  StartActivity: Object.keys(activities)[0],
  StartCondition: { SegmentStartCondition: { SegmentId: 's' } },
  Activities: activities,
  ...more,
});

function refusal(request: unknown): RepointError {
  try {
    parseJourney(request);
  } catch (error) {
    if (error instanceof RepointError) return error;
    throw error;
  }
  throw new Error('was accepted');
}
const problemsOf = (request: unknown) => refusal(request).problems;

describe("the tutorial's journey", () => {
  test('in canonical form passes without a warning and unchanged', () => {
    const { State: state, ...document } = example('06-create-journey-canonical');
    expect(parseJourney(example('06-create-journey-canonical'))).toEqual({ document, state, warnings: [] });
  });

  test('in the printed dialect becomes the canonical form, each change a warning', () => {
    const { State: _, ...canonical } = example('06-create-journey-canonical');
    const { document, state, warnings } = parseJourney(example('06-create-journey-completed'));
    expect(document).toEqual(canonical);
    expect(state).toBe('ACTIVE');
    expect(warnings).toEqual([
      'Activities.WelcomeEmail.NextActivity: moved into EMAIL, where it belongs',
      'Activities.Wait3Days.NextActivity: moved into Wait, where it belongs',
      'Activities.Wait3Days.Wait.WaitTime.WaitFor: "3d" read as P3D',
      'Activities.CheckEngagement.ConditionalSplit.EvaluationWaitTime.WaitFor: "1d" read as P1D',
      'Activities.CheckEngagement.ConditionalSplit.Condition.Operator: missing; read as ALL',
      'Activities.CheckEngagement.ConditionalSplit.Condition.Conditions[0].EventCondition.Dimensions.EventType.Values[0]: "email.open" read as "_email.open"',
      'StartActivity: missing; starts with "WelcomeEmail", the only step nobody points to',
    ]);
  });

  test('as printed, without its two targets, ends at the split with a warning for each', () => {
    const { warnings } = parseJourney(example('06-create-journey'));
    expect(warnings).toContain(
      'Activities.CheckEngagement.ConditionalSplit.TrueActivity: no step "EngagedFollowUp"; participants end there',
    );
    expect(warnings).toContain(
      'Activities.CheckEngagement.ConditionalSplit.FalseActivity: no step "ReengagePush"; participants end there',
    );
  });
});

describe('a 400 names the path of', () => {
  test.each<[string, unknown, string, string]>([
    [
      'a cycle',
      journey({ a: email('b'), b: wait({ WaitFor: 'P1D' }, 'a') }),
      'Activities.b.Wait.NextActivity',
      'leads back',
    ],
    [
      'a step that points to itself',
      journey({ a: email('a') }),
      'Activities.a.EMAIL.NextActivity',
      'leads back',
    ],
    ['a message without a template', journey({ a: { SMS: {} } }), 'Activities.a.SMS.TemplateName', 'missing'],
    [
      'a duration that cannot be read',
      journey({ a: wait({ WaitFor: 'soon' }) }),
      'Activities.a.Wait.WaitTime.WaitFor',
      '"soon"',
    ],
    [
      'an evaluation time that cannot be read',
      journey({ m: email('c'), c: split([event('m')], { EvaluationWaitTime: { WaitFor: '1 day' } }) }),
      'Activities.c.ConditionalSplit.EvaluationWaitTime.WaitFor',
      '"1 day"',
    ],
    ['a month', journey({ a: wait({ WaitFor: 'P1M' }) }), 'Activities.a.Wait.WaitTime.WaitFor', 'write days'],
    [
      'a time that cannot be read',
      journey({ a: wait({ WaitUntil: 'May' }) }),
      'Activities.a.Wait.WaitTime.WaitUntil',
      'ISO 8601',
    ],
    [
      'a wait for both',
      journey({ a: wait({ WaitFor: 'P1D', WaitUntil: '2026-01-01T00:00:00Z' }) }),
      'Activities.a.Wait.WaitTime',
      'both',
    ],
    ['a wait for neither', journey({ a: wait({}) }), 'Activities.a.Wait.WaitTime', 'neither'],
    [
      'several kinds in one step',
      journey({ a: { ...email(), ...wait({ WaitFor: 'P1D' }) } }),
      'Activities.a',
      'EMAIL and Wait',
    ],
    [
      'a start that does not exist',
      journey({ a: email() }, { StartActivity: 'z' }),
      'StartActivity',
      'no step "z"',
    ],
    [
      'an ambiguous start',
      journey({ a: email(), b: email() }, { StartActivity: undefined }),
      'StartActivity',
      '"a", "b"',
    ],
    ['no step at all', journey({}), 'Activities', 'at least one'],
    ['only placeholders', journey({ a: {} }, { StartActivity: undefined }), 'Activities', 'at least one'],
    [
      'no start condition',
      journey({ a: email() }, { StartCondition: undefined }),
      'StartCondition',
      'missing',
    ],
    [
      'an empty segment id',
      journey({ a: email() }, { StartCondition: { SegmentStartCondition: { SegmentId: '' } } }),
      'StartCondition.SegmentStartCondition.SegmentId',
      'missing',
    ],
    [
      'a split without conditions',
      journey({ a: split([]) }),
      'Activities.a.ConditionalSplit.Condition.Conditions',
      'at least one',
    ],
    [
      'a condition of no kind',
      journey({ a: split([{}]) }),
      'Activities.a.ConditionalSplit.Condition.Conditions[0]',
      'no condition',
    ],
    [
      'a condition without an event',
      journey({ a: split([event(undefined, [])]) }),
      'Activities.a.ConditionalSplit.Condition.Conditions[0].EventCondition.Dimensions.EventType.Values',
      'name the event',
    ],
    [
      'a message that does not exist',
      journey({ a: split([event('m')]) }),
      'Activities.a.ConditionalSplit.Condition.Conditions[0].EventCondition.MessageActivity',
      'no step "m"',
    ],
    [
      'a message that comes after the split',
      journey({ a: split([event('m')], { TrueActivity: 'm' }), m: email() }),
      'Activities.a.ConditionalSplit.Condition.Conditions[0].EventCondition.MessageActivity',
      'does not come before',
    ],
    [
      'a message step that sends none',
      journey({ w: wait({ WaitFor: 'P1D' }, 'a'), a: split([event('w')]) }),
      'Activities.a.ConditionalSplit.Condition.Conditions[0].EventCondition.MessageActivity',
      'sends no message',
    ],
    [
      'percentages that do not add up',
      journey({ a: { RandomSplit: { Branches: [{ Percentage: 50 }, { Percentage: 49 }] } } }),
      'Activities.a.RandomSplit.Branches',
      '99',
    ],
    [
      'a percentage of nothing',
      journey({ a: { RandomSplit: { Branches: [{ Percentage: 100 }, { Percentage: 0 }] } } }),
      'Activities.a.RandomSplit.Branches[1].Percentage',
      'above 0',
    ],
    [
      'one branch',
      journey({ a: { RandomSplit: { Branches: [{ Percentage: 100 }] } } }),
      'Activities.a.RandomSplit.Branches',
      '2 to 5',
    ],
    [
      'a holdout above 100',
      journey({ a: { Holdout: { Percentage: 101 } } }),
      'Activities.a.Holdout.Percentage',
      '101',
    ],
    [
      'percentages that do not add up to 100',
      journey({ a: { RandomSplit: { Branches: [{ Percentage: 50 }, { Percentage: 49 }] } } }),
      'Activities.a.RandomSplit.Branches',
      'add up to 99',
    ],
    [
      'a MultiCondition of five branches',
      journey({ m: email('a'), a: multi(Array.from({ length: 5 }, () => event('m'))) }),
      'Activities.a.MultiCondition.Branches',
      'at most 4',
    ],
    [
      'a MultiCondition without branches',
      journey({ a: multi([]) }),
      'Activities.a.MultiCondition.Branches',
      'at least one branch',
    ],
    [
      'a branch without a condition',
      journey({ a: multi([{}]) }),
      'Activities.a.MultiCondition.Branches[0].Condition',
      'has no condition',
    ],
    [
      'a branch on a message that comes later',
      journey({ a: multi([event('m')], { DefaultActivity: 'm' }), m: email() }),
      'Activities.a.MultiCondition.Branches[0].Condition.EventCondition.MessageActivity',
      'does not come before',
    ],
    [
      'a segment condition without a segment',
      journey({ a: split([{ SegmentCondition: {} }]) }),
      'Activities.a.ConditionalSplit.Condition.Conditions[0].SegmentCondition.SegmentId',
      'missing',
    ],
    [
      'segment dimensions that are wrong in themselves',
      journey({ a: split([{ SegmentDimensions: { Attributes: { Plan: { Values: [] } } } }]) }),
      'Activities.a.ConditionalSplit.Condition.Conditions[0].SegmentDimensions.Attributes.Plan.Values',
      'at least one value',
    ],
    [
      'a time to live that is no number',
      journey({ a: { PUSH: { TemplateName: 't', MessageConfig: { TimeToLive: '1d' } } } }),
      'Activities.a.PUSH.MessageConfig.TimeToLive',
      '"1d"',
    ],
    [
      'a time to live that no push service takes',
      journey({ a: { PUSH: { TemplateName: 't', MessageConfig: { TimeToLive: '2419201' } } } }),
      'Activities.a.PUSH.MessageConfig.TimeToLive',
      'from 0 to 2419200',
    ],
    [
      'an end before the start',
      journey(
        { a: email() },
        { Schedule: { StartTime: '2026-02-02T00:00:00Z', EndTime: '2026-02-01T00:00:00Z' } },
      ),
      'Schedule.EndTime',
      'not after',
    ],
    [
      'a refresh frequency that cannot be read',
      journey({ a: email() }, { RefreshFrequency: 'often' }),
      'RefreshFrequency',
      '"often"',
    ],
    ['a state that cannot be asked for', journey({ a: email() }, { State: 'PAUSED' }), 'State', 'ACTIVE'],
    [
      '41 steps',
      journey(Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`s${i}`, email()]))),
      'Activities',
      '41 steps',
    ],
    [
      'a member of the wrong type',
      journey({ a: { EMAIL: { TemplateName: 5 } } }),
      'Activities.a.EMAIL.TemplateName',
      'string',
    ],
    ['an empty name', journey({ a: email() }, { Name: '' }), 'Name', 'empty'],
  ])('%s', (_, request, path, message) => {
    const error = refusal(request);
    expect(error.code).toBe('BadRequest');
    expect(error.problems).toContainEqual({ path, message: expect.stringContaining(message) });
  });
});

test('all problems are told at once, and none twice', () => {
  const request = journey(
    { a: { EMAIL: { TemplateName: 7, NextActivity: 'b' } }, b: wait({ WaitFor: 'x' }, 'a'), c: { PUSH: {} } },
    { StartCondition: {} },
  );
  expect(problemsOf(request).map((problem) => problem.path)).toEqual([
    'Activities.a.EMAIL.TemplateName',
    'Activities.b.Wait.WaitTime.WaitFor',
    'Activities.c.PUSH.TemplateName',
    'Activities.b.Wait.NextActivity',
    'StartCondition',
  ]);
});

test.each([
  [{ Name: undefined }, ['Name']],
  [{ Name: 7 }, ['Name']],
  [{ Name: '' }, ['Name']],
  [{ StartCondition: 'everybody' }, ['StartCondition']],
  [
    { Name: null, StartCondition: { SegmentStartCondition: { SegmentId: 3 } } },
    ['Name', 'StartCondition.SegmentStartCondition.SegmentId'],
  ],
])('%j hides none of the other problems', (bad, paths) => {
  const problems = problemsOf(journey({ a: { PUSH: {} } }, bad)).map(({ path }) => path);
  expect(problems).toEqual([...paths, 'Activities.a.PUSH.TemplateName']);
});

describe('a time zone that does not exist', () => {
  const Schedule = { Timezone: 'Mars/X' };

  test('is refused where clocks decide who enters when', () => {
    const [problem] = problemsOf(journey({ a: email() }, { Schedule, LocalTime: true }));
    expect(problem).toMatchObject({
      path: 'Schedule.Timezone',
      message: expect.stringContaining('"Mars/X" is no time zone'),
    });
  });

  test('is warned of where it has no effect, and none that Pinpoint or IANA has', () => {
    const warningsOf = (Timezone: string) =>
      parseJourney(journey({ a: email() }, { Schedule: { Timezone } })).warnings;
    expect(warningsOf('Mars/X').join()).toContain('Schedule.Timezone: "Mars/X" is no time zone');
    for (const zone of ['utc', 'UTC+05:30', 'UTC-07', 'America/New_York'])
      expect(warningsOf(zone).join()).not.toContain('Timezone');
  });
});

describe('a draft', () => {
  test('may be only a name', () => {
    const { document, state } = parseJourney({ Name: 'J' });
    expect(document).toEqual({ Name: 'J' });
    expect(state).toBe('DRAFT');
  });

  test('may hold any kind of step, with a warning that publishing will be refused', () => {
    const { warnings } = parseJourney({
      Name: 'J',
      StartActivity: 'a',
      Activities: { a: { CUSTOM: {} } },
    });
    expect(warnings).toContain(
      'Activities.a.CUSTOM.DeliveryUri: missing; write an https:// URL, or the name or ARN of a Lambda function (publishing will be refused)',
    );
  });

  test('is refused what is wrong whatever the state', () => {
    expect(problemsOf({ Name: 'J', Activities: { a: email('a') } })).toHaveLength(1);
  });
});

describe('a custom channel', () => {
  const custom = (more: object) =>
    journey({ a: { CUSTOM: { DeliveryUri: 'https://example.com', ...more } } });
  const pathsOf = (more: object) => problemsOf(custom(more)).map(({ path }) => path);

  test('is a webhook or a Lambda function, with endpoint types and up to 5000 characters of data', () => {
    const { warnings } = parseJourney(
      custom({ EndpointTypes: ['EMAIL'], MessageConfig: { Data: 'x'.repeat(5000) } }),
    );
    expect(warnings).toEqual([]);
    expect(parseJourney(custom({ DeliveryUri: 'my-function:live' })).warnings).toEqual([]);
  });

  test('needs a DeliveryUri of one of these kinds', () => {
    expect(pathsOf({ DeliveryUri: undefined })).toEqual(['Activities.a.CUSTOM.DeliveryUri']);
    expect(problemsOf(custom({ DeliveryUri: 'example.com/hook' }))).toEqual([
      {
        path: 'Activities.a.CUSTOM.DeliveryUri',
        message: '"example.com/hook" is neither an https:// URL nor the name or ARN of a Lambda function',
      },
    ]);
  });

  test('has no more than 5000 characters of data', () => {
    expect(problemsOf(custom({ MessageConfig: { Data: 'x'.repeat(5001) } }))).toEqual([
      { path: 'Activities.a.CUSTOM.MessageConfig.Data', message: '5001 characters; at most 5000' },
    ]);
  });

  test('without TLS, or with a template, deserves a warning', () => {
    const { warnings } = parseJourney(custom({ DeliveryUri: 'http://10.0.0.1/', TemplateName: 't' }));
    expect(warnings).toEqual([
      'Activities.a.CUSTOM.DeliveryUri: not https; it is called only at an address that REPOINT_WEBHOOK_ALLOW allows',
      'Activities.a.CUSTOM.TemplateName: custom channels have no templates, so it does nothing; what is sent is MessageConfig.Data',
    ]);
  });
});

describe('a warning', () => {
  const warningsOf = (request: unknown) => parseJourney(request).warnings;

  test('for a step nobody reaches', () => {
    expect(warningsOf(journey({ a: email(), b: email() }))).toEqual([
      'Activities.b: no step leads here; nobody reaches it',
    ]);
  });

  test('for a split that is judged at once', () => {
    const request = journey({ m: email('c'), c: split([event('m')], { EvaluationWaitTime: undefined }) });
    expect(warningsOf(request)).toEqual([
      'Activities.c.ConditionalSplit.EvaluationWaitTime: missing; the split is judged the moment a participant reaches it',
    ]);
  });

  test('for an event of the app itself that is asked of a message', () => {
    const request = journey({ m: email('c'), c: split([event('m', ['purchase'])]) });
    expect(warningsOf(request)).toEqual([
      expect.stringContaining('"purchase" is no event of a message, so none is about "m"'),
    ]);
  });

  test('for a contact-center step, and for a branch that leads nowhere', () => {
    const request = journey({
      r: {
        RandomSplit: {
          Branches: [
            { Percentage: 50, NextActivity: 'c' },
            { Percentage: 50, NextActivity: 'nowhere' },
          ],
        },
      },
      c: { ContactCenter: {} },
    });
    expect(warningsOf(request)).toEqual([
      expect.stringContaining('Activities.c.ContactCenter: there is no contact center'),
      'Activities.r.RandomSplit.Branches[1].NextActivity: no step "nowhere"; participants end there',
    ]);
  });

  test('for a time without a zone, which is UTC', () => {
    const { document, warnings } = parseJourney(journey({ a: wait({ WaitUntil: '2026-05-01T09:00' }) }));
    expect(document.Activities?.a?.Wait?.WaitTime).toEqual({ WaitUntil: '2026-05-01T09:00:00.000Z' });
    expect(warnings).toHaveLength(1);
  });

  test('for a target written beside and inside: the one inside holds', () => {
    const { document, warnings } = parseJourney(
      journey({ a: { ...email('b'), NextActivity: 'c' }, b: email() }),
    );
    expect(document.Activities?.a).toEqual({ EMAIL: { TemplateName: 'welcome', NextActivity: 'b' } });
    expect(warnings).toEqual(['Activities.a.NextActivity: ignored; EMAIL has its own, "b"']);
  });

  test('for a target beside a split, which has two of its own', () => {
    const request = journey({ m: email('c'), c: { ...split([event('m')]), NextActivity: 'm' } });
    expect(warningsOf(request)).toEqual([
      'Activities.c.NextActivity: no kind of step beside it that goes to one next step; ignored',
    ]);
  });
});

test('an event of the application is left as it is written', () => {
  const { document } = parseJourney(
    journey({ a: split([event(undefined, ['email.opened', 'feature_used', 'SMS.SUCCESS'])]) }),
  );
  expect(
    document.Activities?.a?.ConditionalSplit?.Condition?.Conditions?.[0]?.EventCondition?.Dimensions
      ?.EventType,
  ).toEqual({ Values: ['email.opened', 'feature_used', '_SMS.SUCCESS'] });
});

test('an inspection tells problems and warnings, without refusing', () => {
  const inspection = inspectJourney(journey({ a: { SMS: {} }, b: email() }));
  expect(inspection.problems.map((each) => each.path)).toEqual(['Activities.a.SMS.TemplateName']);
  expect(inspection.warnings.map((each) => each.path)).toEqual(['Activities.b']);
});
