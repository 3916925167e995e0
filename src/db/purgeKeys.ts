import { sql } from 'kysely';
import { DAY_MS } from '../domain/duration.ts';
import type { Queryable } from './database.ts';

/** Tables of what is known for a time only, and for how long (milliseconds). */
const kept = {
  event_key: { column: 'received_at', milliseconds: 7 * DAY_MS },
  request_key: { column: 'created_at', milliseconds: DAY_MS },
} as const;

const BATCH_SIZE = 5000;

/**
 * Forgets the keys that are past their time, a batch of each table: an event is known as a repeat for seven days, a
 * request for one. Several callers share the work.
 * @param now logical time
 * @returns how many it forgot; 0 when none is left
 */
export async function purgeKeys(db: Queryable, now: Date): Promise<number> {
  let purged = 0;
  for (const [table, { column, milliseconds }] of Object.entries(kept)) {
    const old = new Date(now.getTime() - milliseconds);
    const deleted = await sql`delete from ${sql.table(table)} where ctid = any(array(
      select ctid from ${sql.table(table)} where ${sql.id(column)} < ${old}
      order by ${sql.id(column)} limit ${BATCH_SIZE} for update skip locked))`.execute(db);
    purged += Number(deleted.numAffectedRows ?? 0);
  }
  return purged;
}
