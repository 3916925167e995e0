import { afterAll, beforeAll, expect, it } from 'vitest';
import { relayBatch } from '../../src/client/relay.ts';
import { drainDirtyEndpoints } from '../../src/ingest/journeyMembership.ts';
import {
  createTemplates,
  day,
  play,
  publishOnboarding,
  putUser,
  received,
  setUpOnboarding,
} from '../support/onboarding.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ maxCachedWorkflows: 0 });
  await createTemplates(world);
});
afterAll(() => world.close());

it('goes on where it was when the worker is replaced in the middle of a wait', async () => {
  const onboarding = await setUpOnboarding(world);
  await publishOnboarding(world, onboarding);
  await putUser(world, onboarding.appId, 'restart');
  await world.advance(2 * day);
  await world.restartWorker();
  await play(world, 'WelcomeEmail', 'open', 'restart');
  await world.advance(2 * day);
  expect(await received(world, 'restart')).toEqual(['EMAIL WelcomeEmail', 'EMAIL EngagedFollowUp']);
});

it('starts one workflow when the start of an entry is relayed twice', async () => {
  const onboarding = await setUpOnboarding(world);
  await publishOnboarding(world, onboarding);
  await putUser(world, onboarding.appId, 'twice');
  await drainDirtyEndpoints(world.deps);
  const { db } = world.deps;
  const row = await db.selectFrom('outbox').selectAll().where('kind', '=', 'enter').executeTakeFirstOrThrow();
  await relayBatch(world.deps, world.temporal);
  const { id, payload, ...again } = row;
  await db
    .insertInto('outbox')
    .values({ ...again, payload: JSON.stringify(payload), leased_until: null })
    .execute();
  await world.settle();
  expect(await db.selectFrom('outbox').selectAll().execute()).toEqual([]);
  expect(await received(world, 'twice')).toEqual(['EMAIL WelcomeEmail']);
});
