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
 * @throws RepointError Internal with the failing migration's name and cause
 */
export async function migrate(db: Database): Promise<string[]> {
  const migrator = new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder }) });
  const { error, results } = await migrator.migrateToLatest();
  const failed = results?.find((result) => result.status === 'Error');
  if (error)
    throw new RepointError('Internal', `Migration ${failed?.migrationName ?? ''} failed`, { cause: error });
  return (results ?? []).map((result) => result.migrationName);
}
