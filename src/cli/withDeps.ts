import { readConfig } from '../config.ts';
import { createDeps, type OpenDeps } from '../createDeps.ts';
import { requireMigrated } from '../db/migrate.ts';
import { createLog } from '../log.ts';

/**
 * Works on the database of `DATABASE_URL`, and lets go of it.
 * @throws RepointError Unavailable where it does not answer, Conflict where it lacks a migration
 */
export async function withDeps(work: (deps: OpenDeps) => Promise<void>): Promise<void> {
  await withUnmigrated(async (deps) => {
    await requireMigrated(deps.db);
    await work(deps);
  });
}

/** The same, whatever its schema is. */
export async function withUnmigrated(work: (deps: OpenDeps) => Promise<void>): Promise<void> {
  const config = readConfig(process.env);
  const deps = createDeps(config, createLog(config.REPOINT_LOG_LEVEL));
  try {
    await work(deps);
  } finally {
    await deps.close();
  }
}
