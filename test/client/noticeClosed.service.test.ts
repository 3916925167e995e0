import { randomUUID } from 'node:crypto';
import type { WriteJourneyRequest } from '@aws-sdk/client-pinpoint';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noticeClosed } from '../../src/client/noticeClosed.ts';
import { relayBatch } from '../../src/client/relay.ts';
import { readTrace } from '../../src/db/trace.ts';
import { workflowIdOf } from '../../src/db/workflowIds.ts';
import { drainDirtyEndpoints } from '../../src/ingest/entering/journeyMembership.ts';
import { runEnvironment } from '../support/environment.ts';
import { type KillableStack, startKillableStack } from '../support/killableStack.ts';
import {
  createTemplates,
  type Onboarding,
  play,
  publishOnboarding,
  putUser,
  setUpOnboarding,
} from '../support/onboarding.ts';
import { expectPromiseKept } from '../support/oracle.ts';

const patience = { timeout: 60_000, interval: 100 };

let stack: KillableStack;
let connection: Connection;
let temporal: Client;
let onboarding: Onboarding;
let journeyId: string;
beforeAll(async () => {
  stack = await startKillableStack(runEnvironment());
  connection = await Connection.connect(stack.temporal.settings.connectionOptions);
  temporal = new Client({ connection });
  await createTemplates(stack);
  onboarding = await setUpOnboarding(stack);
  journeyId = await publishOnboarding(stack, onboarding, withoutWait);
  await stack.startWorker();
});
afterAll(async () => {
  await connection?.close();
  await stack?.close();
});

/** The split asks as soon as the welcome is sent, for a day. */
function withoutWait(journey: WriteJourneyRequest): WriteJourneyRequest {
  const welcome = { EMAIL: { ...journey.Activities?.WelcomeEmail?.EMAIL, NextActivity: 'CheckEngagement' } };
  return { ...journey, Activities: { ...journey.Activities, WelcomeEmail: welcome } };
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

/** Somebody inside, who has their welcome and is asked about it. */
async function putWaiting(user: string): Promise<void> {
  await putUser(stack, onboarding.appId, user);
  const stepNow = async () => await (await handleOf(user)).query<{ sleepsUntil: string | null }>('position');
  await expect.poll(() => receivedBy(user), patience).toEqual(['WelcomeEmail']);
  await expect.poll(stepNow, patience).toMatchObject({ sleepsUntil: expect.any(String) });
}

/** As the Web UI does it, to the first workflow task: before everything that the journey has done. */
async function reset(user: string): Promise<void> {
  const workflow = await handleOf(user);
  const { events } = await workflow.fetchHistory();
  const task = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  await temporal.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: workflow.workflowId },
    reason: 'an operator wants it so',
    workflowTaskFinishEventId: task?.eventId,
    requestId: randomUUID(),
  });
}

/** The next look need not wait for its time. */
async function lookNow(): Promise<void> {
  await stack.database.db
    .updateTable('closed_look')
    .set({ next_at: new Date(0) })
    .execute();
}

it('workflows that an operator ends in the Web UI end their entries at once; one that is reset goes on, and nothing is sent twice', {
  timeout: 120_000,
}, async () => {
  const users = ['terminated', 'cancelled', 'reset', 'left-alone'];
  await Promise.all(users.map(putWaiting));
  await (await handleOf('terminated')).terminate('an operator wants it so');
  await (await handleOf('cancelled')).cancel();
  await reset('reset');
  const ends = async () => {
    await lookNow();
    const entries = await Promise.all(users.map(entryOf));
    return entries.map(({ end_reason, reset_at }) => end_reason ?? (reset_at ? 'reset' : 'inside'));
  };
  await expect.poll(ends, patience).toEqual(['OPERATOR_TERMINATED', 'OPERATOR_CANCELLED', 'reset', 'inside']);

  await play(stack, 'WelcomeEmail', 'open', 'reset');
  await expect.poll(async () => (await entryOf('reset')).end_reason, patience).toBe('COMPLETED');
  expect(await receivedBy('reset')).toEqual(['WelcomeEmail', 'EngagedFollowUp']);
  expect(await receivedBy('terminated')).toEqual(['WelcomeEmail']);
  const { db } = stack.database;
  await expectPromiseKept({ appId: onboarding.appId, db, mailbox: stack.mailbox });
  const trace = await readTrace(db, onboarding.appId, journeyId, 'u:reset');
  expect(trace.Entries).toMatchObject([{ ResetAt: (await entryOf('reset')).reset_at }]);
});

it('a look goes on with the next page where the last was left, by whichever worker', async () => {
  await stack.endWorker('SIGTERM');
  const users = ['first', 'second', 'third'];
  await Promise.all(users.map((user) => putUser(stack, onboarding.appId, user)));
  await drainDirtyEndpoints(stack.deps);
  await relayBatch(stack.deps, temporal);
  for (const user of users) await (await handleOf(user)).terminate();
  const terminated = async () => (await temporal.workflow.count(`ExecutionStatus = 'Terminated'`)).count;
  // with those of the test before: one was terminated, one reset, which closes a run; and one cancelled
  await expect.poll(terminated, patience).toBe(5);
  const ended = async () => {
    const entries = await Promise.all(users.map(entryOf));
    return entries.filter(({ end_reason }) => end_reason === 'OPERATOR_TERMINATED').length;
  };
  await lookNow();
  const seen: number[] = [];
  do {
    seen.push(await noticeClosed(stack.deps, temporal, 2));
  } while (seen.at(-1) !== 0);
  expect([seen, await ended()]).toEqual([[2, 2, 2, 0], 3]);
  expect(await noticeClosed(stack.deps, temporal, 2)).toBe(0);
});
