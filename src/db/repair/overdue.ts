import { sql } from 'kysely';
import type { Queryable, Tx } from '../database.ts';
import type { EntryKey } from '../journeys/entryWorkflow.ts';

/** An entry whose start is not confirmed, and whether somebody sees to it: the outbox, or people with its dead letter. */
export type UnstartedEntry = EntryKey & { readonly isSeenTo: boolean };

const key = ['app_id', 'id', 'journey_id', 'endpoint_id'] as const;

/** Open entries whose workflow was started and should have looked again before an instant, the longest overdue first. */
export async function readOverdue(db: Queryable, before: Date, limit: number): Promise<EntryKey[]> {
  return await db
    .selectFrom('journey_entry')
    .select(key)
    .where('wake_at', '<', before)
    .where('start_confirmed_at', 'is not', null)
    .where('ended_at', 'is', null)
    .where('parked_epoch', 'is', null)
    .orderBy('wake_at')
    .limit(limit)
    .execute();
}

/**
 * The same of entries whose workflow was, as far as is known, not started. The instant is asked of the oldest only, after
 * they are found: Postgres would else think them few, and sort all of a backlog for these.
 */
export async function readUnstarted(db: Queryable, before: Date, limit: number): Promise<UnstartedEntry[]> {
  const unstarted = db
    .selectFrom('journey_entry')
    .select([...key, 'wake_at'])
    .where('start_confirmed_at', 'is', null)
    .where('ended_at', 'is', null)
    .orderBy('wake_at')
    .limit(limit)
    .as('entry');
  const seenTo = (table: 'outbox' | 'outbox_dead') =>
    sql<boolean>`(select true from ${sql.table(table)} as row where row.entry_id = entry.id limit 1)`;
  return await db
    .selectFrom(unstarted)
    .select(key)
    .where('wake_at', '<', before)
    .select(sql<boolean>`coalesce(${seenTo('outbox')}, ${seenTo('outbox_dead')}, false)`.as('isSeenTo'))
    .execute();
}

/** Has an entry whose workflow is gone count as one that was never started: it is started and woken as these are. */
export async function forgetStart(tx: Tx, entry: EntryKey): Promise<void> {
  await tx
    .updateTable('journey_entry')
    .set({ start_confirmed_at: null })
    .where('app_id', '=', entry.app_id)
    .where('id', '=', entry.id)
    .execute();
}

/**
 * Takes an entry from those that are overdue: it is so again when it has not moved by itself until then.
 * @returns false where it has moved meanwhile, or another worker has taken it
 */
export async function takeOverdue(tx: Tx, entry: EntryKey, before: Date, now: Date): Promise<boolean> {
  const taken = await tx
    .updateTable('journey_entry')
    .set({ wake_at: now })
    .where('app_id', '=', entry.app_id)
    .where('id', '=', entry.id)
    .where('wake_at', '<', before)
    .where('ended_at', 'is', null)
    .where('parked_epoch', 'is', null)
    .executeTakeFirst();
  return taken.numUpdatedRows > 0n;
}
