import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Cuts every connection to a test's database, as a restart of Postgres or a failover does. */
export async function killConnections(url: string): Promise<void> {
  await asAdministrator(url, (query) => query('select pg_terminate_backend(pid)'));
}

/**
 * Cuts every connection to a test's database in the middle of the next statement that touches the ledger. Resolves when
 * the trap is set; `sprung` when it has.
 */
export async function cutNextLedgerStatement(url: string): Promise<{ sprung: Promise<void> }> {
  const holder = new pg.Client({ connectionString: url });
  holder.on('error', () => {});
  await holder.connect();
  await holder.query('begin; lock table message in access exclusive mode');
  const spring = async () => {
    while (!(await isAnybodyWaiting(url))) await pause(5);
    await killConnections(url);
    await holder.end().catch(() => {});
  };
  return { sprung: spring() };
}

async function isAnybodyWaiting(url: string): Promise<boolean> {
  return await asAdministrator(url, async (query) => {
    const { rowCount } = await query('select pid', "and wait_event_type = 'Lock'");
    return rowCount !== null && rowCount > 0;
  });
}

type Query = (select: string, where?: string) => Promise<pg.QueryResult>;

/** Asks about the connections to the database of `url`, from another one. */
async function asAdministrator<R>(url: string, work: (query: Query) => Promise<R>): Promise<R> {
  const client = new pg.Client({ connectionString: new URL('/postgres', url).href });
  await client.connect();
  try {
    const name = new URL(url).pathname.slice(1);
    return await work((select, where = '') =>
      client.query(`${select} from pg_stat_activity where datname = $1 ${where}`, [name]),
    );
  } finally {
    await client.end();
  }
}
