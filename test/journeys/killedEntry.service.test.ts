import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KillableStack, startKillableStack } from '../support/killableWorker.ts';
import { createTemplates, publishOnboarding, setUpOnboarding } from '../support/onboarding.ts';
import { randomFrom } from '../support/random.ts';

const members = 500;
/** As many as one page of a pass takes in. */
const page = 200;

let stack: KillableStack;
beforeAll(async () => {
  stack = await startKillableStack();
});
afterAll(() => stack?.close());

/** Everyone is premium; nobody is marked as written, so only a pass over the segment finds them. */
async function addMembers(appId: string): Promise<void> {
  const [app, at] = [sql`${appId}::text`, sql`now()`];
  await sql`insert into app_user (app_id, id, attributes, updated_at)
    select ${app}, 'user' || n, '{"Plan": ["premium"]}', ${at} from generate_series(1, ${members}::int) n`.execute(
    stack.database.db,
  );
  await sql`insert into endpoint (app_id, id, user_id, channel_type, address, status, opt_out, cohort, effective_date, created_at, updated_at)
    select ${app}, 'endpoint' || n, 'user' || n, 'EMAIL', n || '@example.com', 'ACTIVE', 'NONE', 0, ${at}, ${at}, ${at}
    from generate_series(1, ${members}::int) n`.execute(stack.database.db);
}

/** Holds the run once so many have entered, kills the worker in the middle of the page that then waits for it. */
async function killInPage(entered: number): Promise<void> {
  await expect
    .poll(
      () =>
        stack.database.db.transaction().execute(async (tx) => {
          await tx.selectFrom('journey_run').select('id').forUpdate().execute();
          const rows = await tx.selectFrom('journey_entry').select('id').execute();
          if (rows.length < entered) return false;
          await expect.poll(waitsForLock, { timeout: 20_000, interval: 10 }).toBe(true);
          await stack.endWorker('SIGKILL');
          return true;
        }),
      { timeout: 30_000, interval: 1 },
    )
    .toBe(true);
}

async function waitsForLock(): Promise<boolean> {
  const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(stack.database.db);
  return rows.length > 0;
}

it(`enters each of ${members} members once, with one workflow, although its workers are killed in the middle`, {
  timeout: 120_000,
}, async () => {
  const random = randomFrom(11);
  await createTemplates(stack);
  const onboarding = await setUpOnboarding(stack);
  await addMembers(onboarding.appId);
  const wait = { Wait: { WaitTime: { WaitFor: 'P1D' }, NextActivity: 'WelcomeEmail' } };
  const journeyId = await publishOnboarding(stack, onboarding, (journey) => ({
    ...journey,
    StartActivity: 'First',
    Activities: { ...journey.Activities, First: wait },
  }));
  for (const entered of [0, page, 2 * page]) {
    await stack.startWorker();
    await killInPage(entered);
  }
  await stack.startWorker();
  await pause(random() * 500);
  await stack.endWorker('SIGKILL');
  await stack.startWorker();

  const { db } = stack.database;
  const unstarted = () =>
    db.selectFrom('outbox').select('id').where('kind', 'in', ['enter', 'start']).execute();
  const runs = () => db.selectFrom('journey_run').select(['no', 'passes_done']).execute();
  await expect.poll(runs, { timeout: 40_000, interval: 200 }).toEqual([{ no: 0, passes_done: 1 }]);
  await expect.poll(unstarted, { timeout: 40_000, interval: 200 }).toEqual([]);
  const entries = await db.selectFrom('journey_entry').select(['id', 'participant', 'cause']).execute();
  expect(entries).toHaveLength(members);
  expect(new Set(entries.map((entry) => entry.participant)).size).toBe(members);
  expect(new Set(entries.map((entry) => entry.cause))).toEqual(new Set(['match:1']));
  const counted = await db.selectFrom('journey_run_count').select(['metric', 'count']).execute();
  expect(counted.map(({ metric, count }) => [metric, Number(count)]).sort()).toEqual([
    ['ENDPOINTS_FROM_USER', members],
    ['ENDPOINT_ENTERED', members],
    ['ENDPOINT_PRODUCED', members],
  ]);
  const connection = await Connection.connect(stack.temporal.settings.connectionOptions);
  const temporal = new Client({ connection });
  const query = `WorkflowType = 'journey' and RepointJourney = '${journeyId}'`;
  const count = async () => (await temporal.workflow.count(query)).count;
  await expect.poll(count, { timeout: 20_000, interval: 200 }).toBe(members);
  await connection.close();
});
