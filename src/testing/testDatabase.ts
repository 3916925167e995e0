import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Database, openDatabase } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { createPartitions } from '../db/partitions.ts';

export interface TestDatabase {
  readonly db: Database;
  readonly url: string;
  drop(): Promise<void>;
}

const migrationFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * A migrated database to clone, named for what its migrations say; made by the first who needs it.
 * @param server a url of any database of the server, whose user may create databases
 * @returns its name
 */
export async function ensureTemplate(server: string): Promise<string> {
  const today = new Date();
  // Its partitions are those of the months to come.
  const name = `repoint_template_${migrationsHash()}_${today.toISOString().slice(0, 7).replace('-', '_')}`;
  await administer(server, async (client) => {
    // Test processes that begin together: one makes it, the others wait for it.
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount !== 0) return;
    const unfinished = `${name}_unfinished`;
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished}`);
    const db = openDatabase(databaseUrl(server, unfinished));
    await migrate(db)
      .then(() => createPartitions(db, today))
      .finally(() => db.destroy());
    await client.query(`alter database ${unfinished} rename to ${name}`);
  });
  return name;
}

/** A database of one's own: a clone of a template. */
export async function cloneDatabase(server: string, template: string): Promise<TestDatabase> {
  const name = `repoint_test_${randomBytes(6).toString('hex')}`;
  await administer(server, (client) => client.query(`create database ${name} template ${template}`));
  const url = databaseUrl(server, name);
  const db = openDatabase(url);
  return {
    db,
    url,
    drop: async () => {
      await db.destroy();
      await administer(server, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

function migrationsHash(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(migrationFolder).sort())
    hash.update(file).update(readFileSync(path.join(migrationFolder, file)));
  return hash.digest('hex').slice(0, 12);
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function administer(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
