import { sql } from 'kysely';
import type { Database, Queryable } from './database.ts';

/** What a table is partitioned by: a time, or the time inside a uuid v7. */
const partitioned = {
  event: { column: 'received_at', bound: (at: Date) => at.toISOString() },
  message: { column: 'owner', bound: firstIdOf },
  message_attempt: { column: 'owner', bound: firstIdOf },
} as const;

type PartitionedTable = keyof typeof partitioned;

interface Partition {
  readonly table: PartitionedTable;
  readonly name: string;
  /** From the first instant on, up to but without the second. */
  readonly from: Date;
  readonly to: Date;
}

/** Months for which there are partitions before the first row can come. */
const MONTHS_AHEAD = 3;
/** Real time to wait for a lock: whoever writes meanwhile waits behind us. */
const LOCK_TIMEOUT = '2s';

/**
 * Makes the monthly partitions (UTC) from the month of `from` on that are missing; whatever belongs to no month is kept by
 * the default partition of its table, and a month of which it holds rows already stays there. Several callers at once are
 * safe: one of them does it.
 * @param from logical time
 * @returns the names of those it made
 * @throws the database's own error when a lock is not to be had in time; the next call makes up for it
 */
export async function createPartitions(db: Database, from: Date, months = MONTHS_AHEAD): Promise<string[]> {
  const wanted = Array.from({ length: months }, (_, month) => partitionsOf(from, month)).flat();
  const missing = await missingOf(db, wanted);
  const made: string[] = [];
  for (const partition of missing) if (await createPartition(db, partition)) made.push(partition.name);
  return made;
}

function partitionsOf(now: Date, month: number): Partition[] {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month));
  const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month + 1));
  const suffix = from.toISOString().slice(0, 7).replace('-', '_');
  return (Object.keys(partitioned) as PartitionedTable[]).map((table) => ({
    table,
    name: `${table}_${suffix}`,
    from,
    to,
  }));
}

/** Asked of the catalogue itself: to_regclass may answer from a cache that does not know yet what another has made. */
async function missingOf(db: Queryable, wanted: readonly Partition[]): Promise<Partition[]> {
  const names = wanted.map(({ name }) => name);
  const rows = await sql<{ name: string }>`
    select name from unnest(${names}::text[]) as wanted (name) where not exists (
      select from pg_class where relname = name and relnamespace = current_schema()::regnamespace)`.execute(
    db,
  );
  const missing = new Set(rows.rows.map(({ name }) => name));
  return wanted.filter(({ name }) => missing.has(name));
}

async function createPartition(db: Database, partition: Partition): Promise<boolean> {
  const { table, name, from, to } = partition;
  const { bound } = partitioned[table];
  return await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('partitions', 0))`.execute(tx);
    if ((await missingOf(tx, [partition])).length === 0) return false;
    if (await defaultHolds(tx, partition)) return false;
    await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT)}`.execute(tx);
    await sql`create table ${sql.id(name)} partition of ${sql.table(table)}
      for values from (${sql.lit(bound(from))}) to (${sql.lit(bound(to))})`.execute(tx);
    return true;
  });
}

/** Postgres makes no partition for what the default one holds. */
async function defaultHolds(tx: Queryable, { table, from, to }: Partition): Promise<boolean> {
  const { column, bound } = partitioned[table];
  const { rows } = await sql<{ holds: boolean }>`select exists (
    select from ${sql.table(`${table}_default`)}
    where ${sql.id(column)} >= ${bound(from)} and ${sql.id(column)} < ${bound(to)}) as holds`.execute(tx);
  return rows[0]?.holds === true;
}

/** The least uuid whose first 48 bits are a time in milliseconds, as those of a uuid v7 are (RFC 9562, 5.7). */
function firstIdOf(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
