import { expect, it } from 'vitest';
import { relayBatch } from '../../src/client/relay.ts';
import { wakeEntry } from '../../src/db/journeys/entryWorkflow.ts';
import { workflowIdOf } from '../../src/db/outbox/workflowIds.ts';
import { drainDirtyEndpoints } from '../../src/ingest/entering/journeyMembership.ts';
import { day, play, publishOnboarding, putUser, received, setUpOnboarding } from '../support/onboarding.ts';
import { useTutorialWorld } from '../support/tutorialWorld.ts';

const world = useTutorialWorld({ maxCachedWorkflows: 0 });

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

it('starts the workflow of an entry whose wake comes before its start, and wakes it', async () => {
  const onboarding = await setUpOnboarding(world);
  await publishOnboarding(world, onboarding);
  await putUser(world, onboarding.appId, 'early');
  await drainDirtyEndpoints(world.deps);
  const { db } = world.deps;
  const now = await world.now();
  const readEntry = () =>
    db
      .selectFrom('journey_entry')
      .selectAll()
      .where('app_id', '=', onboarding.appId)
      .executeTakeFirstOrThrow();
  const entry = await readEntry();
  await db
    .updateTable('outbox')
    .set({ leased_until: new Date(Date.now() + day) })
    .execute();
  await wakeEntry(db, entry, now, now);
  await relayBatch(world.deps, world.temporal);
  const workflowId = workflowIdOf('journey', entry);
  expect(world.startedWorkflows()).toContain(workflowId);
  expect((await readEntry()).start_confirmed_at).not.toBeNull();
  const { events } = await world.temporal.workflow.getHandle(workflowId).fetchHistory();
  const signals = events?.filter((event) => event.workflowExecutionSignaledEventAttributes);
  expect(signals?.map((event) => event.workflowExecutionSignaledEventAttributes?.signalName)).toEqual([
    'wake',
  ]);

  await db.updateTable('outbox').set({ leased_until: null }).execute();
  await world.settle();
  expect(await db.selectFrom('outbox').select('id').execute()).toEqual([]);
  expect(await received(world, 'early')).toEqual(['EMAIL WelcomeEmail']);
});

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
