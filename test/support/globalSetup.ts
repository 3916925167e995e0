import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPartitions } from '../../src/db/partitions.ts';
import { startPostgres } from '../../src/dev/embeddedPostgres.ts';
import { findTestServer } from '../../src/dev/findTemporal.ts';
import { freePort } from '../../src/dev/ports.ts';
import { createLog } from '../../src/log.ts';
import { bundleWorkflows } from '../../src/runWorker.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    /** The workflows, bundled once per run. */
    workflowBundlePath: string;
    /** The time-skipping Temporal server. */
    testServerPath: string;
  }
}

/**
 * Once per run: a Postgres with a migrated database `template_repoint`, which each test file clones, the workflows'
 * bundle, and Temporal's test server found or fetched.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'repoint-pg-'));
  // Where the tests run as root, Postgres runs as another user and has to come through.
  await chmod(folder, 0o755);
  const postgres = await startPostgres({
    dataFolder: path.join(folder, 'postgres'),
    logFile: path.join(folder, 'postgres.log'),
    port: await freePort(),
    settings: ['fsync=off', 'max_connections=200'],
  });
  const base = postgres.url;
  const template = await postgres.createDatabase('template_repoint');
  const db = openDatabase(template);
  await migrate(db);
  await createPartitions(db, new Date());
  await db.destroy();
  const bundlePath = path.join(folder, 'workflows.cjs');
  await writeFile(bundlePath, (await bundleWorkflows(createLog('error'))).code);
  project.provide('postgresUrl', base);
  project.provide('workflowBundlePath', bundlePath);
  project.provide('testServerPath', await findTestServer());
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
