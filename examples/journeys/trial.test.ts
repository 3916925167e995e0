import { startTestWorld, type TestWorld } from 'repoint/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

let world: TestWorld;
beforeEach(async () => {
  world = await startTestWorld();
  const segment = { Dimensions: { Attributes: { Stage: { Values: ['trial'] } } } };
  await world.publish(new URL('./trial.json', import.meta.url), { segment });
  const person = { Attributes: { Stage: ['trial'] }, User: { UserId: 'ann' } };
  await world.putEndpoint('ann-email', { ...person, ChannelType: 'EMAIL', Address: 'ann@example.com' });
  await world.putEndpoint('ann-sms', { ...person, ChannelType: 'SMS', Address: '+15550100' });
});
afterEach(() => world.close());

async function received(): Promise<string[]> {
  return (await world.messages()).map(({ after, channel, step }) => `${after} ${channel} ${step}`);
}

test('who never subscribes hears of it by e-mail and SMS, and once more after a month', async () => {
  await world.advance('60d');
  expect(await received()).toEqual([
    'PT0S EMAIL Welcome',
    'P10D EMAIL EndsSoon',
    'P14D SMS LastDay',
    'P30D EMAIL ComeBack',
  ]);
});

test('who subscribes in the first days is thanked on the tenth and asked for nothing', async () => {
  await world.advance('4d');
  await world.event('ann-email', 'subscription_started');
  await world.advance('60d');
  expect(await received()).toEqual(['PT0S EMAIL Welcome', 'P10D EMAIL Thanks']);
});

test('who subscribes after the reminder is thanked at once', async () => {
  await world.advance('12d');
  await world.event('ann-sms', { EventType: 'subscription_started', Attributes: { plan: 'yearly' } });
  expect(await received()).toEqual(['PT0S EMAIL Welcome', 'P10D EMAIL EndsSoon', 'P12D EMAIL Thanks']);
  await world.advance('60d');
  expect(await received()).toHaveLength(3);
});
