import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { addMembers } from '../support/members.ts';
import { createTemplates, publishOnboarding, setUpOnboarding } from '../support/onboarding.ts';
import { randomFrom } from '../support/random.ts';
import { residentMegabytes } from '../support/residentMemory.ts';
import { useKillableStack } from '../support/useKillableStack.ts';

/** `npm run bench -- journey-entry` takes more. */
const members = Number(process.env.REPOINT_CHAOS_MEMBERS ?? 500);
const kills = Number(process.env.REPOINT_CHAOS_KILLS ?? 3);
const timeoutMs = 120_000 + members * 100;
/** As many as one page of a pass takes in. */
const page = 200;

const stack = useKillableStack();

/** No page commits with which more than so many have entered, as long as somebody holds the gate. */
const gate = 20_261_123;

async function buildGate(): Promise<void> {
  const { db } = stack.database;
  await sql`create table gate as select 0 as entered`.execute(db);
  await sql`create function wait_at_gate() returns trigger language plpgsql as ${sql.lit(
    `begin
      if (select count(*) from journey_entry) > (select entered from gate)
      then perform pg_advisory_xact_lock_shared(${gate}); end if;
      return new;
    end`,
  )}`.execute(db);
  await sql`create trigger wait_at_gate before update on journey_run for each row execute function wait_at_gate()`.execute(
    db,
  );
}

/** Starts a worker and kills it when so many have entered and all of the next page is written but its commit. */
async function killInPage(entered: number): Promise<void> {
  const { db } = stack.database;
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${gate})`.execute(tx);
    await sql`update gate set entered = ${entered}`.execute(db);
    await stack.startWorker();
    await expect.poll(waitsAtGate, { timeout: timeoutMs, interval: 20 }).toBe(true);
    await stack.endWorker('SIGKILL');
    const committed = await db.selectFrom('journey_entry').select('id').execute();
    expect(committed).toHaveLength(entered);
  });
}

async function waitsAtGate(): Promise<boolean> {
  const { rows } = await sql<{ pid: number }>`select pid from pg_locks
    where locktype = 'advisory' and objid = ${gate} and not granted`.execute(stack.database.db);
  return rows.length > 0;
}

/** Megabytes: the most that a worker was seen to have. */
let peakMegabytes = 0;

async function unfinished() {
  const pid = stack.workerPid();
  if (pid !== undefined) peakMegabytes = Math.max(peakMegabytes, residentMegabytes(pid));
  const { db } = stack.database;
  const runs = await db.selectFrom('journey_run').select(['no', 'passes_done']).execute();
  const rows = await db.selectFrom('outbox').select('id').where('kind', 'in', ['enter', 'start']).execute();
  return { runs, unstarted: rows.length };
}

it(`enters each of ${members} members once, with one workflow, although its workers are killed in the middle`, {
  timeout: timeoutMs,
}, async () => {
  const random = randomFrom(11);
  await createTemplates(stack);
  const onboarding = await setUpOnboarding(stack);
  await addMembers(stack.database.db, onboarding.appId, members);
  const wait = { Wait: { WaitTime: { WaitFor: 'P1D' }, NextActivity: 'WelcomeEmail' } };
  const journeyId = await publishOnboarding(stack, onboarding, (journey) => ({
    ...journey,
    StartActivity: 'First',
    Activities: { ...journey.Activities, First: wait },
  }));
  await buildGate();
  const pages = Math.ceil(members / page);
  for (let kill = 0; kill < kills; kill += 1) await killInPage(Math.floor((kill * pages) / kills) * page);
  await stack.startWorker();
  await pause(random() * 500);
  await stack.endWorker('SIGKILL');
  await stack.startWorker();

  const { db } = stack.database;
  await expect
    .poll(unfinished, { timeout: timeoutMs, interval: 200 })
    .toEqual({ runs: [{ no: 0, passes_done: 1 }], unstarted: 0 });
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
  await expect.poll(count, { timeout: timeoutMs, interval: 200 }).toBe(members);
  const measured = { entries: entries.length, workflows: await count(), peakMegabytes };
  await connection.close();
  process.stderr.write(`measured ${JSON.stringify(measured)}\n`);
});
