import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestWorld, type TestWorld } from 'repoint/testing';

let world: TestWorld;
before(async () => {
  world = await startTestWorld();
  const segment = { Dimensions: { Attributes: { Cart: { Values: ['left'] } } } };
  await world.publish(new URL('./abandoned-cart.json', import.meta.url), { segment });
});
after(() => world.close());

async function leaveCart(name: string): Promise<void> {
  const person = { Attributes: { Cart: ['left'] }, User: { UserId: name } };
  await world.putEndpoint(`${name}-email`, {
    ...person,
    ChannelType: 'EMAIL',
    Address: `${name}@example.com`,
  });
  await world.putEndpoint(`${name}-phone`, { ...person, ChannelType: 'APNS', Address: `${name}-token` });
}

async function stepsOf(name: string): Promise<(string | null)[]> {
  const messages = await world.messages();
  return messages.filter(({ endpointId }) => endpointId?.startsWith(`${name}-`)).map(({ step }) => step);
}

test('who buys within the hour hears nothing', async () => {
  await leaveCart('ann');
  await world.advance('30m');
  await world.event('ann-phone', 'order_placed');
  await world.advance('7d');
  assert.deepEqual(await stepsOf('ann'), []);
});

test('who clicks and does not buy is offered help on the phone', async () => {
  await leaveCart('bob');
  await world.advance('2h');
  const [reminder] = await world.messages({ to: 'bob@example.com' });
  assert.ok(reminder);
  await world.click(reminder, 'https://example.com/cart');
  await world.advance('7d');
  assert.deepEqual(await stepsOf('bob'), ['Reminder', 'Help']);
});

test('who buys after the reminder is thanked', async () => {
  await leaveCart('dora');
  await world.advance('2h');
  await world.event('dora-phone', 'order_placed');
  await world.advance('7d');
  assert.deepEqual(await stepsOf('dora'), ['Reminder', 'Thanks']);
});

test('who does nothing gets a discount a day later', async () => {
  await leaveCart('cleo');
  await world.advance('7d');
  assert.deepEqual(await stepsOf('cleo'), ['Reminder', 'Discount']);
});
