import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmbeddedPostgres, startPostgres } from '../dev/embeddedPostgres.ts';
import { findTestServer } from '../dev/findTemporal.ts';
import { freePort } from '../dev/ports.ts';
import { createLog } from '../log.ts';
import { bundleWorkflows } from '../workflowBundle.ts';
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
  clearUpAfterUs(folder, postgres);
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

/** Postgres and the folder must go when this process ends, also when it is killed. */
function clearUpAfterUs(folder: string, postgres: EmbeddedPostgres | undefined): void {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const script = fileURLToPath(new URL(`./cleanUpAfter.${extension}`, import.meta.url));
  const pid = postgres === undefined ? [] : [String(postgres.pid)];
  const cleaner = spawn(process.execPath, [script, folder, ...pid], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  cleaner.unref();
  (cleaner.stdin as Socket).unref();
}
