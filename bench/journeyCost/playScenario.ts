import assert from 'node:assert/strict';
import type { Environment } from '../../src/testing/environment.ts';
import { createTestApplication } from '../../src/testing/testApplication.ts';
import { type TestWorld, testWorld } from '../../src/testing/testWorld.ts';
import { startWorld } from '../../src/testing/world.ts';
import { type Cost, costOf } from '../../test/support/journeyCost.ts';
import type { Scenario } from './scenarios.ts';

/** Has one person pass a journey as it would be in production, but for the time it takes, and counts what it cost. */
export async function playScenario(environment: Environment, scenario: Scenario): Promise<Cost> {
  const world = await startWorld(environment);
  try {
    const appId = await createTestApplication(world.client);
    await play(testWorld(world, appId, await world.now()), scenario);
    return await costOf(world, scenario.person);
  } finally {
    await world.close();
  }
}

async function play(kit: TestWorld, scenario: Scenario): Promise<void> {
  const { person, document, days, enters, opens } = scenario;
  const endpoint = `${person}-email`;
  const User = { UserId: person, UserAttributes: { Plan: ['premium'] } };
  await kit.publish(document, { segments: { 'still-here': { Dimensions: {} } } });
  // a first message whose endpoint is not there yet would wait for it, which costs two actions
  await kit.putEndpoint(endpoint, { ChannelType: 'EMAIL', Address: `${person}@example.com`, User });
  await kit.putEndpoint(`${person}-phone`, { ChannelType: 'APNS', Address: `${person}-token`, User });
  await kit.putEndpoint(`${person}-sms`, { ChannelType: 'SMS', Address: '+12065550100', User });
  if (enters !== undefined) await kit.event(endpoint, enters);
  await kit.advance('1d');
  if (opens !== undefined) {
    const [message] = await kit.messages({ step: opens });
    if (message) await kit.open(message);
  }
  await kit.advance(`${days}d`);
  const steps = (await kit.messages()).map(({ step }) => step);
  assert.deepEqual(steps, scenario.gets, `${scenario.name} did not go as it was meant to`);
}
