import {
  GetCampaignActivitiesCommand,
  GetCampaignCommand,
  GetImportJobCommand,
  UpdateCampaignCommand,
  UpdateJourneyStateCommand,
  type WriteJourneyRequest,
} from '@aws-sdk/client-pinpoint';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closedFromOutside } from '../../src/client/closedRuns.ts';
import { noticeClosed } from '../../src/client/noticeClosed.ts';
import { relayBatch } from '../../src/client/relay.ts';
import { repairOwners } from '../../src/client/repairOwners.ts';
import { workflowsEnded } from '../../src/counters.ts';
import { readCampaign } from '../../src/db/campaigns/campaigns.ts';
import { readTrace } from '../../src/db/journeys/trace.ts';
import { workflowIdOf } from '../../src/db/outbox/workflowIds.ts';
import { drainDirtyEndpoints } from '../../src/ingest/entering/journeyMembership.ts';
import type { Position } from '../../src/workflows/messages.ts';
import { addEndpoint, addEveryone } from '../support/audience.ts';
import {
  createTemplates,
  day,
  type Onboarding,
  play,
  publishOnboarding,
  putUser,
  setUpOnboarding,
} from '../support/onboarding.ts';
import { lookNow, loseWorkflow, resetWorkflow } from '../support/operator.ts';
import { expectPromiseKept } from '../support/oracle.ts';
import { type CampaignKey, createCampaign, createImport } from '../support/owned.ts';
import { useKillableStack } from '../support/useKillableStack.ts';

const patience = { timeout: 60_000, interval: 100 };

let connection: Connection;
let temporal: Client;
let onboarding: Onboarding;
let journeyId: string;
const stack = useKillableStack();
beforeAll(async () => {
  connection = await Connection.connect(stack.temporal.settings.connectionOptions);
  temporal = new Client({ connection });
  await createTemplates(stack);
  onboarding = await setUpOnboarding(stack);
  journeyId = await publishOnboarding(stack, onboarding, withoutWait);
  await stack.startWorker();
});
afterAll(async () => {
  await connection?.close();
});

/** The split asks as soon as the welcome is sent, for a day. */
function withoutWait(journey: WriteJourneyRequest): WriteJourneyRequest {
  const welcome = { EMAIL: { ...journey.Activities?.WelcomeEmail?.EMAIL, NextActivity: 'CheckEngagement' } };
  return { ...journey, Activities: { ...journey.Activities, WelcomeEmail: welcome } };
}

/** The same, and who was engaged stays inside for a month. */
function withLongWait(journey: WriteJourneyRequest): WriteJourneyRequest {
  const { Activities, ...rest } = withoutWait(journey);
  const EngagedFollowUp = { EMAIL: { ...Activities?.EngagedFollowUp?.EMAIL, NextActivity: 'LongWait' } };
  const LongWait = { Wait: { WaitTime: { WaitFor: 'P30D' } } };
  return { ...rest, Activities: { ...Activities, EngagedFollowUp, LongWait } };
}

async function entryOf(user: string) {
  return await stack.database.db
    .selectFrom('journey_entry')
    .selectAll()
    .where('user_id', '=', user)
    .executeTakeFirstOrThrow();
}

const handleOf = async (user: string) =>
  temporal.workflow.getHandle(workflowIdOf('journey', await entryOf(user)));

async function receivedBy(user: string): Promise<(string | null)[]> {
  const messages = await stack.mailbox.messages();
  return messages
    .filter(({ endpointId }) => endpointId?.startsWith(`${user}-`))
    .map(({ activityId }) => activityId);
}

const stepOf = async (user: string) => await (await handleOf(user)).query<Position>('position');

/** Somebody inside, who has their welcome and is asked about it. */
async function putWaiting(user: string, appId = onboarding.appId): Promise<void> {
  await putUser(stack, appId, user);
  await expect.poll(() => receivedBy(user), patience).toEqual(['WelcomeEmail']);
  await expect.poll(() => stepOf(user), patience).toMatchObject({ sleepsUntil: expect.any(String) });
}

const reset = async (user: string, taskNo?: number) =>
  await resetWorkflow(temporal, (await handleOf(user)).workflowId, taskNo);

/** Temporal loses somebody's workflow, who is missed at once. */
async function lose(user: string): Promise<void> {
  await loseWorkflow(temporal, (await handleOf(user)).workflowId);
  const wake_at = new Date(Date.now() - 6 * 60_000);
  await stack.database.db.updateTable('journey_entry').set({ wake_at }).where('user_id', '=', user).execute();
}

async function statusOf(key: CampaignKey) {
  await lookNow(stack.database.db);
  return (await stack.client.send(new GetCampaignCommand(key))).CampaignResponse?.State?.CampaignStatus;
}

const runOf = async (key: CampaignKey) =>
  (await stack.client.send(new GetCampaignActivitiesCommand(key))).ActivitiesResponse?.Item?.[0];

/** What became of people whose workflows an operator touched, looked for at once. */
async function ends(users: readonly string[]): Promise<string[]> {
  await lookNow(stack.database.db);
  const entries = await Promise.all(users.map(entryOf));
  return entries.map(({ end_reason, reset_at }) => end_reason ?? (reset_at ? 'reset' : 'inside'));
}

it('workflows that an operator ends in the Web UI end their entries at once; one that is reset goes on, and nothing is sent twice', {
  timeout: 120_000,
}, async () => {
  const users = ['terminated', 'cancelled', 'reset', 'left-alone'];
  await Promise.all(users.map((user) => putWaiting(user)));
  await (await handleOf('terminated')).terminate('an operator wants it so');
  await (await handleOf('cancelled')).cancel();
  await reset('reset');
  const endsNow = () => ends(users);
  await expect
    .poll(endsNow, patience)
    .toEqual(['OPERATOR_TERMINATED', 'OPERATOR_CANCELLED', 'reset', 'inside']);

  await play(stack, 'WelcomeEmail', 'open', 'reset');
  await expect.poll(async () => (await entryOf('reset')).end_reason, patience).toBe('COMPLETED');
  expect(await receivedBy('reset')).toEqual(['WelcomeEmail', 'EngagedFollowUp']);
  expect(await receivedBy('terminated')).toEqual(['WelcomeEmail']);
  const { db } = stack.database;
  await expectPromiseKept({ appId: onboarding.appId, db, mailbox: stack.mailbox });
  const trace = await readTrace(db, onboarding.appId, journeyId, 'u:reset');
  expect(trace.Entries).toMatchObject([{ ResetAt: (await entryOf('reset')).reset_at }]);
});

it('a reset to the middle of a passage, a reset or an end in a paused journey, and a loss send nothing twice', {
  timeout: 120_000,
}, async () => {
  const { client, mailbox, database } = stack;
  const paused = await setUpOnboarding(stack);
  const key = {
    ApplicationId: paused.appId,
    JourneyId: await publishOnboarding(stack, paused, withLongWait),
  };
  const setState = (State: 'PAUSED' | 'ACTIVE') =>
    client.send(new UpdateJourneyStateCommand({ ...key, JourneyStateRequest: { State } }));
  const users = ['middle', 'reset-in-pause', 'ended-in-pause', 'lost'];
  await Promise.all(users.map((user) => putWaiting(user, paused.appId)));
  const isEngaged = (user: string) =>
    expect
      .poll(() => stepOf(user), patience)
      .toMatchObject({ passed: ['LongWait'], sleepsUntil: expect.any(String) });
  await play(stack, 'WelcomeEmail', 'open', 'middle');
  await isEngaged('middle');

  await setState('PAUSED');
  await reset('middle', 1);
  await reset('reset-in-pause');
  await (await handleOf('ended-in-pause')).terminate();
  const expected = ['reset', 'reset', 'OPERATOR_TERMINATED', 'inside'];
  await expect.poll(() => ends(users), patience).toEqual(expected);
  const parked = async () =>
    (await Promise.all(users.map(entryOf))).map(({ parked_epoch }) => parked_epoch !== null);
  await expect.poll(parked, patience).toEqual([true, true, false, false]);

  await setState('ACTIVE');
  await lose('lost');
  await play(stack, 'WelcomeEmail', 'open', 'lost');
  await play(stack, 'WelcomeEmail', 'open', 'reset-in-pause');
  await isEngaged('middle');
  await isEngaged('reset-in-pause');
  await isEngaged('lost');
  const engaged = ['WelcomeEmail', 'EngagedFollowUp'];
  expect(await Promise.all(users.map(receivedBy))).toEqual([engaged, engaged, ['WelcomeEmail'], engaged]);
  await expectPromiseKept({ appId: paused.appId, db: database.db, mailbox });
});

it('a campaign whose workflow an operator ends is paused, says why, and when it goes on reaches each of the rest once', {
  timeout: 120_000,
}, async () => {
  const { db } = stack.database;
  const { appId } = await setUpOnboarding(stack);
  const people = Array.from({ length: 60 }, (_, n) => `member${n}`);
  await Promise.all(people.map((id) => addEndpoint(db, appId, id)));
  await addEveryone(db, appId, 'everyone');
  const Limits = { MessagesPerSecond: 30 };
  const key = await createCampaign(stack.client, appId, { SegmentId: 'everyone', Limits });
  const received = async () => {
    const messages = await stack.mailbox.messages();
    return messages.filter((one) => one.campaignId === key.CampaignId).map((one) => one.endpointId);
  };
  await expect.poll(received, patience).not.toHaveLength(0);
  await temporal.workflow.getHandle(`campaign-run/${key.CampaignId}/1`).terminate('the wrong text');
  await expect.poll(() => statusOf(key), patience).toBe('PAUSED');
  const run = await runOf(key);
  expect(run).toMatchObject({ State: 'PAUSED', ExecutionMetrics: { Reason: 'OPERATOR_TERMINATED' } });

  await stack.client.send(new UpdateCampaignCommand({ ...key, WriteCampaignRequest: { IsPaused: false } }));
  await expect.poll(() => statusOf(key), patience).toBe('COMPLETED');
  expect((await received()).toSorted()).toEqual(people.toSorted());
  expect(await runOf(key)).toMatchObject({ Id: run?.Id, ExecutionMetrics: { sent: '60' } });
  expect((await runOf(key))?.ExecutionMetrics).not.toHaveProperty('Reason');
});

it('the life of a journey that an operator ends is started again', async () => {
  const life = temporal.workflow.getHandle(workflowIdOf('journeyLife', { id: journeyId }));
  const { runId } = await life.describe();
  await life.terminate();
  const runs = async () => {
    await lookNow(stack.database.db);
    const { status, runId: now } = await life.describe();
    return [status.name, now !== runId];
  };
  await expect.poll(runs, patience).toEqual(['RUNNING', true]);
});

it('a look goes on with the next page where the last was left, by whichever worker', async () => {
  await stack.endWorker('SIGTERM');
  const users = ['first', 'second', 'third'];
  await Promise.all(users.map((user) => putUser(stack, onboarding.appId, user)));
  await drainDirtyEndpoints(stack.deps);
  await relayBatch(stack.deps, temporal);
  for (const user of users) await (await handleOf(user)).terminate();
  const terminated = async () =>
    (
      await temporal.workflow.count(
        `RepointUser IN ('first', 'second', 'third') AND ExecutionStatus = 'Terminated'`,
      )
    ).count;
  await expect.poll(terminated, patience).toBe(3);
  // with those of the tests before
  const { count } = await temporal.workflow.count(closedFromOutside);
  const ended = async () => {
    const entries = await Promise.all(users.map(entryOf));
    return entries.filter(({ end_reason }) => end_reason === 'OPERATOR_TERMINATED').length;
  };
  await lookNow(stack.database.db);
  const seen: number[] = [];
  do {
    seen.push(await noticeClosed(stack.deps, temporal, 2));
  } while (seen.at(-1) !== 0);
  expect(seen).toEqual([...Array.from({ length: Math.floor(count / 2) }, () => 2), 0]);
  expect(await ended()).toBe(3);
  expect(await noticeClosed(stack.deps, temporal, 2)).toBe(0);
});

it('an import job that is terminated says so; what Temporal cannot list, or has lost, is found by a look at each', async () => {
  const { client, deps } = stack;
  const { appId, segmentId } = onboarding;
  const Schedule = { StartTime: new Date(Date.now() + day).toISOString() };
  const campaign = await createCampaign(stack.client, appId, { SegmentId: segmentId, Schedule });
  const [ended, lost] = [await createImport(client, appId), await createImport(client, appId)];
  await lookNow(deps.db, 'owner_look');
  await repairOwners(deps, temporal);
  // none of the three is there yet, and none is asked for twice
  expect(await relayBatch(deps, temporal)).toBe(3);
  await temporal.workflow.getHandle(`campaign-run/${campaign.CampaignId}/1`).terminate();
  await temporal.workflow.getHandle(`import-job/${ended}`).terminate();
  const losing = temporal.workflow.getHandle(`import-job/${lost}`);
  const { runId } = await losing.describe();
  await loseWorkflow(temporal, losing.workflowId);

  const runs = async () => {
    await lookNow(deps.db, 'owner_look');
    await repairOwners(deps, temporal);
    await relayBatch(deps, temporal);
    const found = await losing.describe().catch(() => undefined);
    return [found?.status.name, found?.runId !== runId];
  };
  await expect.poll(runs, patience).toEqual(['RUNNING', true]);
  const read = (JobId: string) => client.send(new GetImportJobCommand({ ApplicationId: appId, JobId }));
  expect((await read(ended)).ImportJobResponse).toMatchObject({
    JobStatus: 'FAILED',
    Failures: ['An operator terminated the workflow of the job in Temporal'],
  });
  const { values } = await workflowsEnded.get();
  expect(values.map(({ labels }) => `${labels.workflow} ${labels.reason}`)).toEqual(
    expect.arrayContaining(['campaignRun OPERATOR_TERMINATED', 'importJob WORKFLOW_LOST']),
  );
  expect((await read(lost)).ImportJobResponse).toMatchObject({ JobStatus: 'CREATED' });
  expect(await readCampaign(deps.db, appId, campaign.CampaignId)).toMatchObject({
    state: 'PAUSED',
    pausedBecause: 'OPERATOR_TERMINATED',
    document: { IsPaused: true },
  });
});
