import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createUpstream } from '../../src/channels/upstream/upstreamPinpoint.ts';
import { readConfig } from '../../src/config.ts';
import { findTemporalCli } from '../../src/dev/findTemporal.ts';
import { freePort } from '../../src/dev/ports.ts';
import { startTemporalServer, type TemporalServer } from '../../src/dev/temporalServer.ts';
import type { Environment } from '../../src/testing/environment.ts';
import { startTestApi, type TestApi } from '../../src/testing/testApi.ts';
import { cloneDatabase, type TestDatabase } from '../../src/testing/testDatabase.ts';
import { testSettings } from '../../src/testing/testDeps.ts';
import { startTestMailbox, type TestMailbox } from '../../src/testing/testMailbox.ts';
import { type Program, runProgram } from './program.ts';

/** Repoint on a real Temporal server, its workers processes of their own that can be killed. */
export interface KillableStack extends TestApi {
  readonly database: TestDatabase;
  readonly mailbox: TestMailbox;
  readonly temporal: TemporalServer;
  /** That of its workers. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts a worker, beside those that run. */
  startWorker(): Promise<void>;
  /** Ends all that run. */
  endWorker(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Of the worker that was started last and runs. */
  workerPid(): number | undefined;
}

const program = fileURLToPath(new URL('./workerProcess.ts', import.meta.url));

export async function startKillableStack(
  environment: Environment,
  more: Readonly<Record<string, string>> = {},
): Promise<KillableStack> {
  const folder = await mkdtemp(path.join(tmpdir(), 'repoint-killed-'));
  const [temporal, database, mailbox] = await Promise.all([
    startTemporal(folder),
    cloneDatabase(environment.postgresUrl, environment.template),
    startTestMailbox({ parentFolder: folder }),
  ]);
  const settings = {
    REPOINT_DELIVERY: 'mailbox',
    REPOINT_REGION: 'us-east-1',
    REPOINT_UPSTREAM_SES_URL: mailbox.url,
    REPOINT_UPSTREAM_PINPOINT_URL: mailbox.url,
    ...more,
  };
  const config = readConfig({ ...testSettings, ...settings });
  const api = await startTestApi(database, { deps: { config, upstream: createUpstream(config) } });
  mailbox.pointAt(api.url);
  const env = {
    ...settings,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.settings.connectionOptions.address ?? '',
    NODE_COMPILE_CACHE: path.join(path.dirname(environment.workflowBundlePath), 'compiled'),
  };
  const workers: Program[] = [];
  const endWorker: KillableStack['endWorker'] = async (signal) => {
    const running = workers.splice(0);
    for (const { child } of running) child.kill(signal);
    await Promise.all(running.map(({ ended }) => ended));
  };
  return {
    ...api,
    database,
    mailbox,
    temporal,
    env,
    endWorker,
    workerPid: () => workers.at(-1)?.child.pid,
    startWorker: async () => {
      const port = { REPOINT_WORKER_PORT: String(await freePort()) };
      const worker = runProgram([program, environment.workflowBundlePath], { ...env, ...port });
      workers.push(worker);
      await worker.printed('worker is up');
    },
    close: async () => {
      await endWorker('SIGKILL');
      await api.close();
      await mailbox.close();
      await temporal.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startTemporal(folder: string): Promise<TemporalServer> {
  return startTemporalServer({
    program: await findTemporalCli(),
    port: await freePort(),
    uiPort: await freePort(),
    databaseFile: path.join(folder, 'temporal.db'),
    logFile: path.join(folder, 'temporal.log'),
  });
}
