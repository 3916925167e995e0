import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fault } from '../../src/channels/mailbox/faults.ts';
import { createUpstream } from '../../src/channels/upstreamPinpoint.ts';
import { readConfig } from '../../src/config.ts';
import { findTemporalCli } from '../../src/dev/findTemporal.ts';
import { freePort } from '../../src/dev/ports.ts';
import { startTemporalServer, type TemporalServer } from '../../src/dev/temporalServer.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { testSettings } from '../support/deps.ts';
import { startTestMailbox, type TestMailbox } from '../support/mailbox.ts';
import { createTemplates, publishOnboarding, putUser, setUpOnboarding } from '../support/onboarding.ts';
import { expectPromiseKept } from '../support/oracle.ts';
import { type Program, runProgram } from '../support/program.ts';
import { randomFrom } from '../support/random.ts';

/** `REPOINT_CHAOS_PEOPLE=1000 REPOINT_CHAOS_KILLS=20 REPOINT_CHAOS_SEED=7` for a longer run. */
const people = Number(process.env.REPOINT_CHAOS_PEOPLE ?? 30);
const kills = Number(process.env.REPOINT_CHAOS_KILLS ?? 3);
const seed = Number(process.env.REPOINT_CHAOS_SEED ?? 1);
const timeoutMs = 60_000 + kills * 15_000 + people * 100;
/** The tutorial's four days in nine seconds. */
const timeScale = '40000';

let folder: string;
let temporal: TemporalServer;
let database: TestDatabase;
let mailbox: TestMailbox;
let api: TestApi;
let env: Record<string, string>;
let worker: Program;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-killed-'));
  [temporal, database, mailbox] = await Promise.all([startTemporal(), cloneDatabase(), startTestMailbox()]);
  const settings = {
    REPOINT_DELIVERY: 'mailbox',
    REPOINT_REGION: 'us-east-1',
    REPOINT_UPSTREAM_SES_URL: mailbox.url,
    REPOINT_UPSTREAM_PINPOINT_URL: mailbox.url,
    REPOINT_UNKNOWN_GRACE_SECONDS: '4',
    REPOINT_TIME_SCALE: timeScale,
  };
  const config = readConfig({ ...testSettings, ...settings });
  api = await startTestApi(database, { deps: { config, upstream: createUpstream(config) } });
  mailbox.pointAt(api.url);
  env = {
    ...settings,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.settings.connectionOptions.address ?? '',
    REPOINT_WORKER_PORT: String(await freePort()),
  };
});
afterAll(async () => {
  if (worker) await end('SIGKILL');
  await api?.close();
  await mailbox?.close();
  await temporal?.stop();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function startTemporal(): Promise<TemporalServer> {
  return startTemporalServer({
    program: await findTemporalCli(),
    port: await freePort(),
    uiPort: await freePort(),
    databaseFile: path.join(folder, 'temporal.db'),
    logFile: path.join(folder, 'temporal.log'),
  });
}

async function startWorker(): Promise<void> {
  worker = runProgram(['bin/repoint.js', 'worker'], env);
  await worker.printed('worker is up');
}

async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  worker.child.kill(signal);
  await worker.ended;
}

/** One send in five goes wrong in one of the ways in which it can. */
function troubled(random: () => number): Fault | undefined {
  const luck = random();
  if (luck < 0.08) return { kind: 'drop' };
  if (luck < 0.12) return { kind: 'stall' };
  if (luck < 0.2) return { kind: 'status', status: 429, code: 'TooManyRequestsException' };
  return undefined;
}

/** Every second person opens the welcome as soon as it is there. */
async function openSome(opened: Set<string>): Promise<void> {
  for (const { id, activityId, endpointId } of await mailbox.messages()) {
    const person = Number(endpointId?.match(/^person(\d+)-/)?.[1]);
    if (activityId !== 'WelcomeEmail' || person % 2 === 1 || opened.has(id)) continue;
    opened.add(id);
    await mailbox.play(id, 'open');
  }
}

async function openEntries(): Promise<number> {
  const rows = await database.db
    .selectFrom('journey_entry')
    .select('id')
    .where('ended_at', 'is not', null)
    .execute();
  return people - rows.length;
}

it(`sends to each of ${people} people once or lists them as unknown, although its workers are killed ${kills} times`, {
  timeout: timeoutMs,
}, async () => {
  const random = randomFrom(seed);
  mailbox.inject(() => troubled(random));
  await createTemplates(api);
  const onboarding = await setUpOnboarding(api);
  await publishOnboarding(api, onboarding);
  await startWorker();
  const group = Math.ceil(people / kills);
  for (let kill = 0; kill < kills; kill += 1) {
    for (let one = kill * group; one < Math.min(people, (kill + 1) * group); one += 1)
      await putUser(api, onboarding.appId, `person${one}`);
    await pause(random() * 1500);
    await end('SIGKILL');
    await startWorker();
  }
  const opened = new Set<string>();
  const look = async () => {
    await openSome(opened);
    return await openEntries();
  };
  await expect.poll(look, { timeout: timeoutMs, interval: 300 }).toBe(0);
  const states = await expectPromiseKept({ appId: onboarding.appId, db: database.db, mailbox });
  expect(Object.values(states).reduce((sum, count) => sum + count)).toBe(people * 2);
  process.stderr.write(`killed ${kills} times: ${JSON.stringify(states)}\n`);
});
