import { describe, expect, test } from 'vitest';
import { email, event, journey, multi, refusal, split, wait } from '../../support/journeyDocuments.ts';

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
