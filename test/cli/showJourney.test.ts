import { expect, test } from 'vitest';
import { showJourney } from '../../src/cli/showJourney.ts';
import { inspectJourney } from '../../src/contract/journey/journey.ts';
import { tutorial } from '../support/tutorial.ts';

const show = (request: unknown) => showJourney(inspectJourney(request).document).join('\n');

test("the tutorial's journey reads as it runs, a branch for each answer of the split", () => {
  expect(show(tutorial('06-create-journey-completed'))).toBe(
    `New User Onboarding
  enters: segment new-users-segment-id
  WelcomeEmail: e-mail "welcome-email-template" version 1
  Wait3Days: wait for P3D
  CheckEngagement: _email.open of WelcomeEmail? waits for P1D
  ├─ yes
  │  EngagedFollowUp: e-mail "engaged-follow-up-template" version 1
  └─ no
     ReengagePush: push "reengage-push-template" version 1`,
  );
});

test('every kind is shown; branches that meet are written once, targets and steps that dangle are named', () => {
  const request = {
    Name: 'All kinds',
    StartActivity: 'Draw',
    StartCondition: { EventStartCondition: {} },
    Schedule: { StartTime: '2026-03-01T00:00:00Z', EndTime: '2026-04-01T00:00:00Z' },
    Activities: {
      Draw: {
        RandomSplit: {
          Branches: [
            { NextActivity: 'Keep', Percentage: 60 },
            { NextActivity: 'Ask', Percentage: 40 },
          ],
        },
      },
      Keep: { Holdout: { Percentage: 10, NextActivity: 'Text' } },
      Ask: {
        MultiCondition: {
          Branches: [{ Condition: { SegmentCondition: { SegmentId: 's' } }, NextActivity: 'Text' }],
          DefaultActivity: 'gone',
        },
      },
      Text: { SMS: { TemplateName: 'sms', NextActivity: 'Until' } },
      Until: { Wait: { WaitTime: { WaitUntil: '2026-03-09T00:00:00Z' }, NextActivity: 'Call' } },
      Call: { ContactCenter: { NextActivity: 'Hook' } },
      Hook: { CUSTOM: { DeliveryUri: 'https://example.com/hook', TemplateName: 't', NextActivity: 'End' } },
      End: {},
      Island: { PUSH: { TemplateName: 'push' } },
    },
  };
  expect(show(request)).toBe(
    `All kinds
  enters: an event, from 2026-03-01T00:00:00.000Z, to 2026-04-01T00:00:00.000Z
  Draw: at random, 60 %, 40 %
  ├─ branch 1
  │  Keep: 10 % end here
  │  Text: SMS "sms"
  │  Until: wait until 2026-03-09T00:00:00.000Z
  │  Call: contact center
  │  Hook: custom channel https://example.com/hook
  │  End: a placeholder, where participants end
  └─ branch 2
     Ask: the first branch that holds, judged at once
     ├─ branch 1
     │  -> Text, as above
     └─ else
        no step "gone": participants end here
  (nobody reaches) Island: push "push"`,
  );
});
