import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/domain/journey/compile.ts';
import type { JourneyDocument } from '../../../src/domain/journey/document.ts';

const DAY = 86_400_000;

const tutorial: JourneyDocument = {
  Name: 'New User Onboarding',
  StartActivity: 'WelcomeEmail',
  StartCondition: { SegmentStartCondition: { SegmentId: 'new-users-segment-id' } },
  Activities: {
    WelcomeEmail: {
      EMAIL: {
        MessageConfig: { FromAddress: 'welcome@yourapp.com' },
        TemplateName: 'welcome-email-template',
        TemplateVersion: '1',
        NextActivity: 'Wait3Days',
      },
    },
    Wait3Days: { Wait: { WaitTime: { WaitFor: 'P3D' }, NextActivity: 'CheckEngagement' } },
    CheckEngagement: {
      ConditionalSplit: {
        Condition: {
          Operator: 'ALL',
          Conditions: [
            {
              EventCondition: {
                MessageActivity: 'WelcomeEmail',
                Dimensions: { EventType: { Values: ['_email.open'], DimensionType: 'INCLUSIVE' } },
              },
            },
          ],
        },
        EvaluationWaitTime: { WaitFor: 'P1D' },
        TrueActivity: 'EngagedFollowUp',
        FalseActivity: 'ReengagePush',
      },
    },
    EngagedFollowUp: { EMAIL: { TemplateName: 'follow-up' } },
    ReengagePush: { PUSH: { TemplateName: 're-engage' } },
  },
};

describe('compile', () => {
  test("the tutorial's journey becomes its control flow and nothing else, under 1 KB", () => {
    const plan = compile(tutorial, 1);
    expect(plan).toEqual({
      v: 1,
      start: 'WelcomeEmail',
      steps: {
        WelcomeEmail: { k: 'email', next: 'Wait3Days' },
        Wait3Days: { k: 'wait', t: { for: 3 * DAY }, next: 'CheckEngagement' },
        CheckEngagement: { k: 'split', t: { for: DAY }, yes: 'EngagedFollowUp', no: 'ReengagePush' },
        EngagedFollowUp: { k: 'email' },
        ReengagePush: { k: 'push' },
      },
    });
    expect(JSON.stringify(plan).length).toBeLessThan(1024);
  });

  test('the time scale divides durations and leaves points in time alone', () => {
    const plan = compile(
      {
        Name: 'scaled',
        StartActivity: 'a',
        Activities: {
          a: { Wait: { WaitTime: { WaitFor: 'P1D' }, NextActivity: 'b' } },
          b: { Wait: { WaitTime: { WaitUntil: '2026-03-01T09:00:00.000Z' }, NextActivity: 'c' } },
          c: { Wait: { WaitTime: { WaitFor: 'PT0.001S' } } },
        },
      },
      86_400,
    );
    expect(plan.steps).toEqual({
      a: { k: 'wait', t: { for: 1000 }, next: 'b' },
      b: { k: 'wait', t: { until: Date.parse('2026-03-01T09:00:00Z') }, next: 'c' },
      c: { k: 'wait', t: { for: 1 } },
    });
  });

  test('targets that do not exist, placeholders and steps nobody reaches are left out', () => {
    const plan = compile(
      {
        Name: 'loose ends',
        StartActivity: 'split',
        Activities: {
          split: { ConditionalSplit: { TrueActivity: 'nowhere', FalseActivity: 'placeholder' } },
          placeholder: {},
          island: { EMAIL: { TemplateName: 't' } },
        },
      },
      1,
    );
    expect(plan.steps).toEqual({ split: { k: 'split' } });
  });

  test('an id that is also a word of JavaScript is an ordinary id', () => {
    const plan = compile(
      {
        Name: 'words',
        StartActivity: 'constructor',
        Activities: { constructor: { EMAIL: { TemplateName: 't', NextActivity: 'toString' } } } as Required<
          Pick<JourneyDocument, 'Activities'>
        >['Activities'],
      },
      1,
    );
    expect(plan.steps).toEqual({ constructor: { k: 'email' } });
  });

  test('a document without a step to start with is refused', () => {
    expect(() => compile({ Name: 'empty' }, 1)).toThrow(RangeError);
  });
});

describe('the other kinds', () => {
  const steps = (evaluation?: 'event' | 'at-end') =>
    compile(
      {
        Name: 'kinds',
        StartActivity: 'mail',
        Activities: {
          mail: { EMAIL: { TemplateName: 't', NextActivity: 'multi' } },
          multi: {
            MultiCondition: {
              Branches: [
                { Condition: { EventCondition: { MessageActivity: 'mail' } }, NextActivity: 'random' },
                { Condition: { SegmentCondition: { SegmentId: 's' } }, NextActivity: 'nowhere' },
              ],
              DefaultActivity: 'hold',
            },
          },
          random: {
            RandomSplit: { Branches: [{ Percentage: 30, NextActivity: 'call' }, { Percentage: 70 }] },
          },
          hold: { Holdout: { Percentage: 10, NextActivity: 'segment' } },
          segment: {
            ConditionalSplit: { Condition: { Conditions: [{ SegmentCondition: { SegmentId: 's' } }] } },
          },
          call: { ContactCenter: { NextActivity: 'mail2' } },
          mail2: { EMAIL: { TemplateName: 't' } },
        },
      },
      60,
      evaluation,
    ).steps;

  test('become lists of targets and shares, a target that leads nowhere null', () => {
    expect(steps()).toEqual({
      mail: { k: 'email', next: 'multi' },
      multi: { k: 'multi', to: ['random', null], else: 'hold' },
      random: { k: 'random', share: [30, 70], to: ['call', null] },
      hold: { k: 'holdout', share: 10, next: 'segment' },
      segment: { k: 'split' },
      call: { k: 'contactCenter', next: 'mail2' },
      mail2: { k: 'email' },
    });
  });

  test("only at-end gives a split on a message the original's hour, scaled, and one on a segment nothing", () => {
    const { multi, segment } = steps('at-end');
    expect(multi).toMatchObject({ t: { for: 60_000 } });
    expect(segment).toEqual({ k: 'split' });
  });
});
