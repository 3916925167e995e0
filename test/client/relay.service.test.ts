import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nextOutboxInstant, relayBatch } from '../../src/client/relay.ts';
import { ensureSearchAttributes } from '../../src/client/searchAttributes.ts';
import { temporalWorkflowId } from '../../src/client/temporalIds.ts';
import { readConfig } from '../../src/config.ts';
import { json } from '../../src/db/database.ts';
import { newTimeId } from '../../src/db/ids.ts';
import { enqueue, type OutboxRow } from '../../src/db/outbox/outbox.ts';
import type { Deps } from '../../src/deps.ts';
import { findTemporalCli } from '../../src/dev/findTemporal.ts';
import { freePort } from '../../src/dev/ports.ts';
import { startTemporalServer, type TemporalServer } from '../../src/dev/temporalServer.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { testDeps, testSettings } from '../support/deps.ts';
import { loseWorkflow } from '../support/operator.ts';
import { createRecordingClient } from '../support/recordingClient.ts';

const now = new Date('2026-03-01T10:00:00Z');
const appId = 'app';
/** For what may have to be tried again. */
const patience = { timeout: 30_000, interval: 100 };

let folder: string;
let ports: { port: number; uiPort: number };
let server: TemporalServer;
let connection: Connection;
let database: TestDatabase;
let deps: Deps;
/** What was asked of Temporal, in order, by this file's own client. */
let calls: string[] = [];
let temporal: Client;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-relay-'));
  ports = { port: await freePort(), uiPort: await freePort() };
  [server, database] = await Promise.all([startServer(), cloneDatabase()]);
  connection = await Connection.connect(server.settings.connectionOptions);
  await ensureSearchAttributes(connection, 'default');
  deps = testDeps(database.db, { clock: { now: async () => now } });
  temporal = recordingClient('default');
});
afterEach(async () => {
  calls = [];
  await database.db.deleteFrom('outbox').execute();
  await database.db.deleteFrom('outbox_dead').execute();
});
afterAll(async () => {
  await connection?.close();
  await server?.stop();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function startServer(): Promise<TemporalServer> {
  return startTemporalServer({
    ...ports,
    program: await findTemporalCli(),
    databaseFile: path.join(folder, 'temporal.db'),
    logFile: path.join(folder, 'temporal.log'),
  });
}

const recordingClient = (namespace: string, ready?: () => Promise<void>) =>
  createRecordingClient({ connection, namespace }, (call) => calls.push(call), ready);

function startRow(workflowId: string): OutboxRow {
  const what = { workflowType: 'importJob', input: { appId, jobId: 'job' }, summary: 'test' } as const;
  return { kind: 'start', appId, workflowId, notBefore: now, ...what };
}

const deleteRow = (workflowId: string): OutboxRow => ({ kind: 'delete', appId, workflowId, notBefore: now });

const id = (name: string) => `${name}/${randomUUID()}`;
const put = (...rows: OutboxRow[]) => enqueue(database.db, rows, now);
const left = () => database.db.selectFrom('outbox').selectAll().orderBy('id').execute();
const dead = () => database.db.selectFrom('outbox_dead').selectAll().execute();

/** The entry of a live journey of one wait, with its start in the outbox. */
async function enterSomebody(): Promise<{ entryId: string; workflowId: string }> {
  const { db } = database;
  const [journeyId, entryId] = [randomUUID(), newTimeId(now)];
  const document = {
    StartActivity: 'Wait',
    Activities: { Wait: { Wait: { WaitTime: { WaitFor: 'P1D' } } } },
  };
  await sql`insert into app (id, name, created_at, modified_at) values (${appId}, 'app', ${now}, ${now})
    on conflict do nothing`.execute(db);
  await sql`insert into journey (app_id, id, name, state, document, created_at, modified_at)
    values (${appId}, ${journeyId}, 'journey', 'ACTIVE', ${json(document)}, ${now}, ${now})`.execute(db);
  await sql`insert into journey_entry (app_id, id, journey_id, endpoint_id, participant, cause, entered_at)
    values (${appId}, ${entryId}, ${journeyId}, 'ann', 'e:ann', 'match:1', ${now})`.execute(db);
  const workflowId = `journey/${journeyId}/ann/${entryId}`;
  await put({ kind: 'enter', appId, entryId, workflowId, notBefore: now });
  return { entryId, workflowId };
}

describe('a wake', () => {
  it('whose entry’s start is still in the outbox starts it, and neither is doubled or lost', async () => {
    const { entryId, workflowId } = await enterSomebody();
    await put({ kind: 'wake', appId, entryId, workflowId, notBefore: now });
    expect(await relayBatch(deps, temporal)).toBe(2);
    expect(calls.toSorted()).toEqual([`start and wake ${workflowId}`, `start ${workflowId}`]);
    const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
    const count = (attributes: 'workflowExecutionStarted' | 'workflowExecutionSignaled') =>
      events?.filter((event) => event[`${attributes}EventAttributes`]).length;
    expect([count('workflowExecutionStarted'), count('workflowExecutionSignaled')]).toEqual([1, 1]);
    expect(await left()).toEqual([]);
    await put({ kind: 'wake', appId, entryId, workflowId, notBefore: now });
    await relayBatch(deps, temporal);
    expect(calls.at(-1)).toBe(`wake ${workflowId}`);
  });

  it('to a workflow that is closed or gone is done', async () => {
    const { entryId, workflowId } = await enterSomebody();
    await relayBatch(deps, temporal);
    await temporal.workflow.getHandle(workflowId).terminate();
    await put(
      { kind: 'wake', appId, entryId, workflowId, notBefore: now },
      { kind: 'signal', appId, workflowId: id('never-there'), signal: 'closed', notBefore: now },
      { kind: 'delete', appId, workflowId: id('never-there'), notBefore: now },
    );
    await relayBatch(deps, temporal);
    expect(await left()).toEqual([]);
    expect(await dead()).toEqual([]);
    expect(calls).not.toContain(`start and wake ${workflowId}`);
  });

  it('to a workflow that Temporal has lost starts it again', async () => {
    const { entryId, workflowId } = await enterSomebody();
    await relayBatch(deps, temporal);
    await loseWorkflow(temporal, workflowId);
    await put({ kind: 'wake', appId, entryId, workflowId, notBefore: now });
    await relayBatch(deps, temporal);
    expect(calls.at(-1)).toBe(`start and wake ${workflowId}`);
    const { status } = await temporal.workflow.getHandle(workflowId).describe();
    expect(status.name).toBe('RUNNING');
  });
});

describe('with REPOINT_HASH_IDS', () => {
  it('starts, wakes and erases one and the same workflow, under an id that does not name its endpoint', async () => {
    const secret = { REPOINT_HASH_IDS: 'true', REPOINT_HASH_KEY: 'a secret of this test' };
    const hashing = { ...deps, config: readConfig({ ...testSettings, ...secret }) };
    const { entryId, workflowId } = await enterSomebody();
    await relayBatch(hashing, temporal);
    const hidden = temporalWorkflowId(hashing.config, workflowId);
    expect(hidden).not.toBe(workflowId);
    await put({ kind: 'wake', appId, entryId, workflowId, notBefore: now });
    await relayBatch(hashing, temporal);
    expect(calls).toEqual([`start ${hidden}`, `wake ${hidden}`]);
    await put({ kind: 'delete', appId, workflowId, notBefore: now });
    await relayBatch(hashing, temporal);
    const describing = () => temporal.workflow.getHandle(hidden).describe();
    await expect
      .poll(() => describing().catch((error: Error) => error.name), patience)
      .toBe('WorkflowNotFoundError');
  });
});

describe('a row', () => {
  it('whose workflow runs already is done, and there is one execution', async () => {
    const workflowId = id('import-job');
    await put(startRow(workflowId), startRow(workflowId));
    await relayBatch(deps, temporal);
    expect(calls).toHaveLength(2);
    expect(await left()).toEqual([]);
    await expect(temporal.workflow.getHandle(workflowId).describe()).resolves.toMatchObject({
      status: { name: 'RUNNING' },
    });
  });

  it('waits for its time', async () => {
    const notBefore = new Date(now.getTime() + 1);
    await put({ ...startRow(id('import-job')), notBefore });
    expect(await relayBatch(deps, temporal)).toBe(0);
    expect(await nextOutboxInstant(database.db)).toEqual(notBefore);
  });

  it('that another relay has leased is left to it, and taken over when the lease has run out', async () => {
    await put(startRow(id('import-job')));
    const lease = (ms: number) =>
      database.db
        .updateTable('outbox')
        .set({ leased_until: new Date(Date.now() + ms) })
        .execute();
    await lease(30_000);
    expect(await relayBatch(deps, temporal)).toBe(0);
    await lease(-1);
    expect(await relayBatch(deps, temporal)).toBe(1);
    expect(await left()).toEqual([]);
  });

  it('whose call takes long stays with the relay that makes it', async () => {
    await put(startRow(id('import-job')));
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const slow = recordingClient('default', () => answered);
    const relaying = relayBatch(deps, slow);
    const leasedUntil = async () => {
      const rows = await database.db.selectFrom('outbox').select('leased_until').execute();
      return rows[0]?.leased_until?.getTime() ?? 0;
    };
    await expect.poll(leasedUntil, patience).toBeGreaterThan(0);
    const taken = await leasedUntil();
    await expect.poll(leasedUntil, patience).toBeGreaterThan(taken);
    answer();
    expect(await relaying).toBe(1);
    expect(await left()).toEqual([]);
  });
});

describe('of more rows than fit into a batch', () => {
  it('wakes, signals and starts of what owns a journey or a campaign go first, then entries, then the rest', async () => {
    const { workflowId } = await enterSomebody();
    const others = Array.from({ length: 98 }, () => deleteRow(id('import-job')));
    const [signalled, started] = [id('journey-life'), id('campaign-run')];
    const signal = {
      kind: 'signal',
      appId,
      workflowId: signalled,
      signal: 'closed',
      notBefore: now,
    } as const;
    await put(...others, signal, startRow(started));
    expect(await relayBatch(deps, temporal)).toBe(100);
    const first = [`closed ${signalled}`, `start ${started}`, `start ${workflowId}`];
    expect(calls.toSorted()).toEqual(first.toSorted());
    expect((await left()).map((row) => row.workflow_id)).toEqual(
      others.slice(97).map((row) => row.workflowId),
    );
  });

  it('two relays at once share them, each row once', async () => {
    const ids = Array.from({ length: 120 }, () => id('import-job'));
    await put(...ids.map(startRow));
    const taken = await Promise.all([relayBatch(deps, temporal), relayBatch(deps, temporal)]);
    expect(taken.toSorted((a, b) => a - b)).toEqual([20, 100]);
    expect(calls.toSorted()).toEqual(ids.map((one) => `start ${one}`).toSorted());
    await expect
      .poll(async () => [await relayBatch(deps, temporal), await left()], patience)
      .toEqual([0, []]);
  });
});

describe('a row that cannot be delivered', () => {
  it('for a fault of its own leaves for the dead letters after 20 attempts, and holds nobody up', async () => {
    const poison = id('import-job').padEnd(5000, 'x');
    await put(startRow(poison));
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      expect(await dead()).toEqual([]);
      await database.db.updateTable('outbox').set({ leased_until: null }).execute();
      const healthy = id('import-job');
      await put(startRow(healthy));
      expect(await relayBatch(deps, temporal)).toBe(2);
      expect((await left()).map((row) => row.workflow_id)).toEqual(attempt < 20 ? [poison] : []);
    }
    expect(await dead()).toMatchObject([{ workflow_id: poison, attempts: 20, kind: 'start' }]);
  });

  it('because the namespace is missing or its address is dead stays, however often it was tried', async () => {
    const elsewhere = Connection.lazy({ address: `127.0.0.1:${await freePort()}`, interceptors: [] });
    await put(startRow(id('import-job')));
    for (const client of [recordingClient('missing'), new Client({ connection: elsewhere })]) {
      await database.db.updateTable('outbox').set({ attempts: 50, leased_until: null }).execute();
      expect(await relayBatch(deps, client)).toBe(1);
      expect(await left()).toMatchObject([{ attempts: 50 }]);
    }
    await elsewhere.close();
    expect(await dead()).toEqual([]);
  });

  it('while Temporal is away is delivered when it is back: nothing is lost, nothing doubled', async () => {
    const impatient = await Connection.connect({ ...server.settings.connectionOptions, interceptors: [] });
    const client = new Client({ connection: impatient });
    const ids = Array.from({ length: 5 }, () => id('import-job'));
    await server.stop();
    await put(...ids.map(startRow));
    expect(await relayBatch(deps, client)).toBe(5);
    expect(await left()).toHaveLength(5);
    server = await startServer();
    await expect.poll(async () => [await relayBatch(deps, client), await left()], patience).toEqual([0, []]);
    for (const one of ids) {
      const { status } = await client.workflow.getHandle(one).describe();
      expect(status.name).toBe('RUNNING');
    }
    await impatient.close();
  });
});
