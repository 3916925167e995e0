import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateAppCommand, PinpointClient } from '@aws-sdk/client-pinpoint';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { findTemporalCli } from '../src/dev/findTemporal.ts';
import { freePort } from '../src/dev/ports.ts';
import { startTemporalServer, type TemporalServer } from '../src/dev/temporalServer.ts';
import { type Program, runProgram } from './support/program.ts';

const database = 'production';
const key = { accessKeyId: 'AKIAPRODUCTION', secretAccessKey: 'production-secret' };

let folder: string;
let temporal: TemporalServer;
let env: Record<string, string>;
const programs: Program[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-production-'));
  temporal = await startTemporalServer({
    program: await findTemporalCli(),
    port: await freePort(),
    uiPort: await freePort(),
    databaseFile: path.join(folder, 'temporal.db'),
    logFile: path.join(folder, 'temporal.log'),
  });
  await administer(`create database ${database}`);
  env = {
    DATABASE_URL: `${inject('postgresUrl')}/${database}`,
    TEMPORAL_ADDRESS: temporal.settings.connectionOptions.address ?? '',
    REPOINT_ACCESS_KEYS: `${key.accessKeyId}:${key.secretAccessKey}`,
    REPOINT_PORT: String(await freePort()),
    REPOINT_WORKER_PORT: String(await freePort()),
    // No provider can be reached by a test that goes wrong.
    REPOINT_DELIVERY: 'mailbox',
  };
});
afterEach(async () => {
  for (const program of programs.splice(0)) {
    program.child.kill('SIGTERM');
    await program.ended;
  }
});
afterAll(async () => {
  await temporal.stop();
  await administer(`drop database ${database} with (force)`);
  await rm(folder, { recursive: true, force: true });
});

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${inject('postgresUrl')}/postgres` });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

function repoint(command: string, more: Record<string, string> = {}): Program {
  const program = runProgram(['bin/repoint.js', command], { ...env, ...more });
  programs.push(program);
  return program;
}

const health = (port: string | undefined) => fetch(`http://127.0.0.1:${port}/healthz`);

describe('the production shape', { timeout: 120_000 }, () => {
  /** Looks for its Temporal for ten seconds: begun as soon as there is a schema, and judged later. */
  let lost: Program;
  afterAll(async () => {
    lost?.child.kill('SIGTERM');
    await lost?.ended;
  });

  it('has an API and a worker that refuse a database without the schema, naming the command', async () => {
    for (const command of ['api', 'worker']) {
      const program = repoint(command);
      expect(await program.ended).toBe(1);
      expect(program.output()).toContain('npx repoint migrate');
    }
  });

  it('migrates a database once, and again without harm', async () => {
    const first = repoint('migrate');
    expect(await first.ended).toBe(0);
    expect(first.output()).toContain('Migrated: 0001_initial');
    const second = repoint('migrate');
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain('up to date');
    const elsewhere = { TEMPORAL_ADDRESS: '127.0.0.1:1', REPOINT_WORKER_PORT: String(await freePort()) };
    lost = runProgram(['bin/repoint.js', 'worker'], { ...env, ...elsewhere });
  });

  it('runs API and worker as processes of their own, healthy, and stops both cleanly', async () => {
    const [api, worker] = [repoint('api'), repoint('worker')];
    await Promise.all([api.printed('API is up'), worker.printed('worker is up')]);
    expect((await health(env.REPOINT_PORT)).status).toBe(200);
    expect((await health(env.REPOINT_WORKER_PORT)).status).toBe(200);
    for (const program of [api, worker]) {
      program.child.kill('SIGTERM');
      expect(await program.ended).toBe(0);
    }
  });

  it('lets in known access keys and nobody else', async () => {
    await repoint('api').printed('API is up');
    const create = (credentials: typeof key) =>
      new PinpointClient({
        endpoint: `http://127.0.0.1:${env.REPOINT_PORT}`,
        region: 'us-east-1',
        credentials,
      }).send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'app' } }));
    await expect(create({ ...key, accessKeyId: 'AKIASTRANGER' })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    await expect(create(key)).resolves.toMatchObject({ ApplicationResponse: { Name: 'app' } });
  });

  it('runs the mailbox as a process of its own', async () => {
    const port = String(await freePort());
    const mailbox = repoint('mailbox', { REPOINT_MAILBOX_PORT: port, REPOINT_DATA_DIR: folder });
    await mailbox.printed('mailbox is up');
    expect(await (await fetch(`http://127.0.0.1:${port}/messages`)).json()).toEqual([]);
    mailbox.child.kill('SIGTERM');
    expect(await mailbox.ended).toBe(0);
  });

  it.each([
    ['api', 'DATABASE_URL', { DATABASE_URL: '' }],
    ['worker', 'DATABASE_URL', { DATABASE_URL: '' }],
    ['api', 'REPOINT_ACCESS_KEYS', { REPOINT_ACCESS_KEYS: '' }],
    ['api', 'REPOINT_PORT', { REPOINT_PORT: 'seven' }],
  ])('does not start %s without a usable %s, and names it', async (command, setting, more) => {
    const program = repoint(command, more);
    expect(await program.ended).toBe(1);
    expect(program.output()).toContain(setting);
  });

  it('does not start worker without a usable TEMPORAL_ADDRESS, and names it', async () => {
    expect(await lost.ended).toBe(1);
    expect(lost.output()).toContain('TEMPORAL_ADDRESS');
  });

  it('names the port and its setting when the API finds it taken', async () => {
    await repoint('api').printed('API is up');
    const second = repoint('api');
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`port ${env.REPOINT_PORT} for the API is in use by another program`);
    expect(second.output()).toContain('REPOINT_PORT');
  });
});
