import { expect, test } from 'vitest';
import { mermaidOf } from '../../src/cli/mermaid.ts';
import { inspectJourney } from '../../src/contract/journey/journey.ts';
import { tutorial } from '../support/tutorial.ts';

const draw = (request: unknown) => mermaidOf(inspectJourney(request).document).join('\n');

test("the tutorial's journey is drawn with a node for each step and an arrow for each branch", () => {
  expect(draw(tutorial('06-create-journey-completed'))).toBe(
    `flowchart TD
  s0["WelcomeEmail: e-mail #quot;welcome-email-template#quot; version 1"]
  s1["Wait3Days: wait for P3D"]
  s2{"CheckEngagement: _email.open of WelcomeEmail? waits for P1D"}
  s3["EngagedFollowUp: e-mail #quot;engaged-follow-up-template#quot; version 1"]
  s4["ReengagePush: push #quot;reengage-push-template#quot; version 1"]
  s0 --> s1
  s1 --> s2
  s2 -->|yes| s3
  s2 -->|no| s4`,
  );
});

test('a target that is not there is drawn where participants end', () => {
  const Activities = { Hello: { EMAIL: { TemplateName: 'a', NextActivity: 'gone' } } };
  expect(draw({ Name: 'Short', StartActivity: 'Hello', Activities })).toBe(
    `flowchart TD
  s0["Hello: e-mail #quot;a#quot;"]
  s1("no step gone: participants end here")
  s0 --> s1`,
  );
});
