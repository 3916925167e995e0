import { startTestWorld, type TestWorld } from 'repoint/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const people = Array.from({ length: 20 }, (_, index) => `person${index}`);

let world: TestWorld;
beforeAll(async () => {
  world = await startTestWorld();
  const segment = { Dimensions: { Attributes: { Stage: { Values: ['quiet'] } } } };
  await world.publish(new URL('./win-back.json', import.meta.url), { segment });
  for (const UserId of people) {
    const person = { Attributes: { Stage: ['quiet'] }, User: { UserId } };
    await world.putEndpoint(`${UserId}-email`, {
      ...person,
      ChannelType: 'EMAIL',
      Address: `${UserId}@example.com`,
    });
    await world.putEndpoint(`${UserId}-phone`, { ...person, ChannelType: 'GCM', Address: `${UserId}-token` });
  }
}, 60_000);
afterAll(() => world.close());

test('everybody outside the control group gets one of the two e-mails, and a push unless they came back', async () => {
  const emails = await world.messages({ channel: 'EMAIL' });
  const written = new Set(emails.map(({ to }) => to));
  expect(written.size).toBe(emails.length);
  expect(written.size).toBeLessThanOrEqual(people.length);
  expect(emails.every(({ step }) => step === 'News' || step === 'Voucher')).toBe(true);

  const [first, ...others] = [...written].map((address) => address.replace('@example.com', ''));
  await world.advance('2d');
  await world.event(`${first}-phone`, '_session.start');
  await world.advance('30d');
  const pushes = await world.messages({ step: 'LastPush' });
  expect(pushes.map(({ to }) => to).sort()).toEqual(others.map((name) => `${name}-token`).sort());
  expect(new Set(pushes.map(({ after }) => after))).toEqual(new Set(['P7D']));
});
