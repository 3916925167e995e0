import { startTestWorld, type TestJourney, type TestWorld } from 'repoint/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let world: TestWorld;
let journey: TestJourney;
beforeAll(async () => {
  world = await startTestWorld();
  journey = await world.publish(new URL('./onboarding.json', import.meta.url), {
    segment: {
      Dimensions: { UserAttributes: { Plan: { AttributeType: 'INCLUSIVE', Values: ['premium'] } } },
    },
    templates: {
      email: {
        'welcome-email-template': {
          Subject: 'Welcome, {{User.UserAttributes.FirstName}}',
          TextPart: 'It takes five minutes: https://example.com/start',
        },
      },
    },
  });
});
afterAll(() => world.close());

/** Somebody with an e-mail address and a phone. */
async function signUp(name: string, plan: string): Promise<void> {
  const User = { UserId: name, UserAttributes: { FirstName: [name], Plan: [plan] } };
  await world.putEndpoint(`${name}-email`, { ChannelType: 'EMAIL', Address: `${name}@example.com`, User });
  await world.putEndpoint(`${name}-phone`, { ChannelType: 'APNS', Address: `${name}-token`, User });
}

test('who opens the welcome gets the follow-up when three days are over, and no push', async () => {
  await signUp('ann', 'premium');
  const [welcome] = await world.messages({ to: 'ann@example.com' });
  expect(welcome).toMatchObject({ step: 'WelcomeEmail', subject: 'Welcome, ann', after: 'PT0S' });
  await world.advance('1d');
  if (welcome) await world.open(welcome);
  await world.advance('30d');
  expect(await world.messages({ to: 'ann@example.com' })).toMatchObject([
    { step: 'WelcomeEmail' },
    { step: 'EngagedFollowUp', after: 'P3D' },
  ]);
  expect(await world.messages({ to: 'ann-token' })).toEqual([]);
});

test('who does not open it gets a push to the phone on the fourth day', async () => {
  const signedUp = await world.now();
  await signUp('bob', 'premium');
  await world.advance('30d');
  const [push] = await world.messages({ to: 'bob-token' });
  expect(push).toMatchObject({ channel: 'PUSH', step: 'ReengagePush' });
  const days = (Date.parse(push?.at ?? '') - signedUp.getTime()) / 86_400_000;
  expect(days).toBeCloseTo(4, 2);
  expect(await world.trace(journey, { user: 'bob' })).toMatch(/CheckEngagement +no: no event _email.open/);
});

test('nobody on the free plan is written to', async () => {
  await signUp('cleo', 'free');
  await world.advance('30d');
  expect(await world.messages({ to: 'cleo@example.com' })).toEqual([]);
});
