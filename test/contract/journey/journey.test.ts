import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectJourney, parseJourney } from '../../../src/contract/journey/journey.ts';
import { email, event, journey, problemsOf, split, wait } from '../../support/journeyDocuments.ts';

function example(name: string) {
  const file = path.resolve(import.meta.dirname, `../../../examples/tutorial/${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

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
