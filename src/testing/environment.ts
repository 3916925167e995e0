import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmbeddedPostgres, startPostgres } from '../dev/embeddedPostgres.ts';
import { findTestServer } from '../dev/findTemporal.ts';
import { freePort } from '../dev/ports.ts';
import { createLog } from '../log.ts';
import { bundleWorkflows } from '../runWorker.ts';
import { ensureTemplate } from './testDatabase.ts';

/** What worlds are made of. It can be handed to other processes. */
export interface Environment {
  /** A url of any database of the server. */
  readonly postgresUrl: string;
  /** The migrated database that each world clones. */
  readonly template: string;
  readonly workflowBundlePath: string;
  /** Temporal's time-skipping server. */
  readonly testServerPath: string;
}

export interface StartedEnvironment extends Environment {
  stop(): Promise<void>;
}

/**
 * Starts a Postgres of our own, or uses a server that is there; bundles the workflows; finds or fetches Temporal's test
 * server. All of it goes when the process ends, at the latest.
 * @param databaseUrl a Postgres whose user may create databases
 * @throws RepointError Unavailable saying what is missing and what to do
 */
export async function startEnvironment(databaseUrl?: string): Promise<StartedEnvironment> {
  const folder = await mkdtemp(path.join(tmpdir(), 'repoint-test-'));
  // Where tests run as root, Postgres runs as another user and has to come through.
  await chmod(folder, 0o755);
  const postgres = databaseUrl === undefined ? await startEmbedded(folder) : undefined;
  whenProcessEnds(() => {
    postgres?.kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });
  const postgresUrl = databaseUrl ?? `${postgres?.url}/postgres`;
  const workflowBundlePath = path.join(folder, 'workflows.cjs');
  const [template, bundle, testServerPath] = await Promise.all([
    ensureTemplate(postgresUrl),
    bundleWorkflows(createLog('error')),
    findTestServer(),
  ]);
  await writeFile(workflowBundlePath, bundle.code);
  return {
    postgresUrl,
    template,
    workflowBundlePath,
    testServerPath,
    stop: async () => {
      await postgres?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startEmbedded(folder: string): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({
    dataFolder: path.join(folder, 'postgres'),
    logFile: path.join(folder, 'postgres.log'),
    port: await freePort(),
    settings: ['fsync=off', 'max_connections=200'],
  });
  postgres.unref();
  return postgres;
}

/** Also at a signal that nobody else listens to, which would end the process without a word. */
function whenProcessEnds(cleanUp: () => void): void {
  process.once('exit', cleanUp);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => {
      if (process.listenerCount(signal) === 0) process.exit(code);
    });
  }
}
