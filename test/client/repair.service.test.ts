import { GetJourneyExecutionMetricsCommand, UpdateJourneyStateCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { noticeClosed } from '../../src/client/noticeClosed.ts';
import { relayBatch } from '../../src/client/relay.ts';
import { repairEntries } from '../../src/client/repair.ts';
import type { Entry } from '../../src/db/journeys/entries.ts';
import { workflowIdOf } from '../../src/db/outbox/workflowIds.ts';
import { PLAN_VERSION, type Plan } from '../../src/domain/journey/plan.ts';
import { drainDirtyEndpoints } from '../../src/ingest/entering/journeyMembership.ts';
import { day, hour, publishOnboarding, putUser, received, setUpOnboarding } from '../support/onboarding.ts';
import { useTutorialWorld } from '../support/tutorialWorld.ts';

const minute = 60_000;
let appId: string;
let count = 0;
let user: string;
const world = useTutorialWorld({ maxCachedWorkflows: 0 });

beforeEach(async () => {
  count += 1;
  user = `user${count}`;
  const onboarding = await setUpOnboarding(world);
  appId = onboarding.appId;
  await publishOnboarding(world, onboarding);
  await world.settle();
});

async function entry(): Promise<Entry> {
  const entries = world.deps.db.selectFrom('journey_entry').selectAll();
  return await entries.where('app_id', '=', appId).executeTakeFirstOrThrow();
}

const change = (values: Partial<Pick<Entry, 'wake_at' | 'start_confirmed_at'>>) =>
  world.deps.db.updateTable('journey_entry').set(values).where('app_id', '=', appId).execute();

const outbox = () =>
  world.deps.db.selectFrom('outbox').select(['id', 'kind', 'entry_id']).where('app_id', '=', appId).execute();

const clearOutbox = () => world.deps.db.deleteFrom('outbox').where('app_id', '=', appId).execute();

async function openWatches(): Promise<number> {
  const rows = await world.deps.db
    .selectFrom('event_watch')
    .select('id')
    .where('app_id', '=', appId)
    .where('closed_at', 'is', null)
    .execute();
  return rows.length;
}

const sixMinutesAgo = async () => new Date((await world.now()).getTime() - 6 * minute);
const handle = async () => world.temporal.workflow.getHandle(workflowIdOf('journey', await entry()));
const repair = () => repairEntries(world.deps, world.temporal);

/** A user inside the journey, who waits after the welcome. */
async function putWaiting(): Promise<void> {
  await putUser(world, appId, user);
  await world.advance(hour);
}

/** A user who has entered and whose start is in the outbox. */
async function putEntered(): Promise<void> {
  await putUser(world, appId, user);
  await drainDirtyEndpoints(world.deps);
}

test('the entry of a workflow that was terminated ends five minutes after it should have moved', async () => {
  await putWaiting();
  // terminating in the middle of a workflow task would stop skipping for good
  await world.skip(1000);
  await (await handle()).terminate();
  await world.advance(4 * day - hour + 4 * minute);
  await repair();
  expect(await entry()).toMatchObject({ ended_at: null });
  await world.advance(2 * minute);
  await repair();
  expect(await entry()).toMatchObject({ end_reason: 'OPERATOR_TERMINATED', wake_at: null });
  expect(await openWatches()).toBe(0);
  expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail']);
  const key = { ApplicationId: appId, JourneyId: (await entry()).journey_id };
  const told = await world.client.send(new GetJourneyExecutionMetricsCommand(key));
  expect(told.JourneyExecutionMetricsResponse?.Metrics).toMatchObject({
    ENDPOINT_ACTIVE: '0',
    ENDPOINT_LEFT: '1',
    OPERATOR_TERMINATED: '1',
  });
});

test('a Temporal that cannot list workflows is no harm: what is overdue is noticed all the same', async () => {
  await putWaiting();
  await world.skip(1000);
  await (await handle()).terminate();
  expect(await noticeClosed(world.deps, world.temporal)).toBe(0);
  expect(await entry()).toMatchObject({ ended_at: null });
});

test('the entry of a workflow that was cancelled ends', async () => {
  await putWaiting();
  await (await handle()).cancel();
  await world.advance(4 * day + 6 * minute);
  await repair();
  expect(await entry()).toMatchObject({ end_reason: 'OPERATOR_CANCELLED' });
});

test('the entry of a workflow that ran out of time ends', async () => {
  await putEntered();
  await clearOutbox();
  const entered = await entry();
  const plan: Plan = { v: PLAN_VERSION, start: 'Wait', steps: { Wait: { k: 'wait', t: { for: day } } } };
  await world.temporal.workflow.start('journey', {
    workflowId: workflowIdOf('journey', entered),
    taskQueue: world.deps.config.REPOINT_TASK_QUEUE,
    args: [{ appId, entryId: entered.id, enteredAt: entered.entered_at.getTime(), plan }],
    workflowExecutionTimeout: '1 minute',
  });
  await world.settle();
  await change({ start_confirmed_at: await world.now() });
  await world.skip(6 * minute);
  await repair();
  expect(await entry()).toMatchObject({ end_reason: 'WORKFLOW_FAILED' });
});

test('somebody whose workflow Temporal has lost is started again and gets what they are to get', async () => {
  await putEntered();
  await clearOutbox();
  await change({ start_confirmed_at: await world.now() });
  await world.skip(6 * minute);
  await Promise.all([repair(), repair()]);
  expect(await outbox()).toMatchObject([{ kind: 'enter', entry_id: (await entry()).id }]);
  await world.settle();
  expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail']);
  expect(await entry()).toMatchObject({ ended_at: null });
});

test('a start that was lost is made good, once, and the person gets what they are to get', async () => {
  await putEntered();
  await clearOutbox();
  await world.skip(6 * minute);
  await Promise.all([repair(), repair()]);
  expect(await outbox()).toMatchObject([{ kind: 'enter', entry_id: (await entry()).id }]);
  await world.settle();
  expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail']);
});

test('a start that waits in the outbox, or is a dead letter, is left as it is', async () => {
  await putEntered();
  await world.skip(6 * minute);
  const waiting = await outbox();
  await repair();
  expect(await outbox()).toEqual(waiting);
  await buryStart();
  await world.skip(6 * minute);
  await repair();
  expect(await outbox()).toEqual([]);
});

/** Moves the start to the dead letters, as the relay does with one that fails for good. */
async function buryStart(): Promise<void> {
  await sql`with dead as (delete from outbox where app_id = ${appId} returning *)
    insert into outbox_dead (id, kind, app_id, entry_id, workflow_id, payload, attempts, died_at)
    select id, kind, app_id, entry_id, workflow_id, payload, attempts, created_at from dead`.execute(
    world.deps.db,
  );
}

test('a workflow that waits although its entry is overdue is woken once, and says when it looks again', async () => {
  await putWaiting();
  await change({ wake_at: await sixMinutesAgo() });
  await Promise.all([repair(), repair()]);
  await repair();
  expect(await outbox()).toMatchObject([{ kind: 'wake' }]);
  await relayBatch(world.deps, world.temporal);
  await world.settle();
  expect((await entry()).wake_at?.getTime()).toBeGreaterThan((await world.now()).getTime());
  const { events } = await (await handle()).fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionSignaledEventAttributes)).toHaveLength(1);
});

test('who is parked by a pause is left alone until the journey resumes', async () => {
  await putWaiting();
  const setState = async (State: 'PAUSED' | 'ACTIVE') => {
    const key = { ApplicationId: appId, JourneyId: (await entry()).journey_id };
    await world.client.send(new UpdateJourneyStateCommand({ ...key, JourneyStateRequest: { State } }));
  };
  await setState('PAUSED');
  await world.advance(4 * day);
  expect((await entry()).parked_epoch).not.toBeNull();
  await world.skip(1000);
  await (await handle()).terminate();
  await repair();
  expect(await outbox()).toEqual([]);
  expect(await entry()).toMatchObject({ ended_at: null });

  await setState('ACTIVE');
  await world.settle();
  await repair();
  expect(await entry()).toMatchObject({ end_reason: 'OPERATOR_TERMINATED' });
});
