import { promises as fs } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileMigrationProvider, Migrator } from 'kysely/migration';
import { RepointError } from '../domain/errors.ts';
import type { Database } from './database.ts';

const migrationFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * Brings the database to the newest schema and answers the names of the migrations that ran.
 * Several callers at once are safe: kysely takes a lock.
 * @throws RepointError Internal with the failing migration's name and cause, Unavailable when the database does not answer
 */
export async function migrate(db: Database): Promise<string[]> {
  const { error, results } = await createMigrator(db).migrateToLatest();
  const failed = results?.find((result) => result.status === 'Error');
  if (failed)
    throw new RepointError('Internal', `Migration ${failed.migrationName} failed`, { cause: error });
  if (error) throw unreachable(error);
  return (results ?? []).map((result) => result.migrationName);
}

/**
 * Makes sure that the database has the newest schema.
 * @throws RepointError Conflict naming the migrations that are missing and the command that runs them, Unavailable
 *   when the database does not answer
 */
export async function requireMigrated(db: Database): Promise<void> {
  const migrations = await createMigrator(db)
    .getMigrations()
    .catch((cause) => {
      throw unreachable(cause);
    });
  const missing = migrations.filter((one) => one.executedAt === undefined);
  if (missing.length === 0) return;
  const names = missing.map((one) => one.name).join(', ');
  throw new RepointError(
    'Conflict',
    `The database lacks the migrations ${names}. Run \`npx repoint migrate\` first.`,
  );
}

function unreachable(cause: unknown): RepointError {
  return new RepointError('Unavailable', 'Postgres cannot be reached. Check DATABASE_URL.', { cause });
}

function createMigrator(db: Database): Migrator {
  return new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder }) });
}
