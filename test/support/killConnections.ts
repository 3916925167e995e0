import pg from 'pg';
import type { TestDatabase } from './database.ts';

/** Cuts every connection to a test's database, as a restart of Postgres or a failover does. */
export async function killConnections({ url }: Pick<TestDatabase, 'url'>): Promise<void> {
  const { pathname } = new URL(url);
  const client = new pg.Client({ connectionString: new URL('/postgres', url).href });
  await client.connect();
  try {
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
      pathname.slice(1),
    ]);
  } finally {
    await client.end();
  }
}
