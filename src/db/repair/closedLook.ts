import { sql } from 'kysely';
import type { Queryable, Tx } from '../database.ts';
import type { Entry } from '../journeys/entries.ts';
import type { ClosedLookTable } from '../tables/closedLook.ts';

/** Real milliseconds a page is a worker's: what a killed one had taken is another's after this. */
const LEASE_MS = 30_000;
/** Real milliseconds between looks, however many workers there are. */
const PAUSE_MS = 10_000;

/** Where a look stands. */
export type ClosedLook = Pick<ClosedLookTable, 'since' | 'begun_at' | 'page_token'>;

/** Takes the next page of the look under way, or a new look. Undefined while it is another's, or too early. */
export async function takeClosedLook(db: Queryable, real: Date): Promise<ClosedLook | undefined> {
  const leased = new Date(real.getTime() + LEASE_MS);
  const { rows } = await sql<ClosedLook>`insert into closed_look as look (next_at) values (${leased})
    on conflict (id) do update set next_at = ${leased} where look.next_at <= ${real}
    returning since, begun_at, page_token`.execute(db);
  return rows[0];
}

/** Notes where the look stands after a page, and leaves it to whoever comes next: at once while it is under way. */
export async function leaveClosedLook(db: Queryable, look: ClosedLook, real: Date): Promise<void> {
  const pause = look.begun_at === null ? PAUSE_MS : 0;
  await db
    .updateTable('closed_look')
    .set({ ...look, next_at: new Date(real.getTime() + pause) })
    .execute();
}

/** Those of the entries that are not over. */
export async function readOpenEntries(
  db: Queryable,
  keys: readonly { readonly appId: string; readonly entryId: string }[],
): Promise<Entry[]> {
  const apps = keys.map(({ appId }) => appId);
  const ids = keys.map(({ entryId }) => entryId);
  const { rows } =
    await sql<Entry>`select entry.* from unnest(${apps}::text[], ${ids}::uuid[]) as asked (app_id, id)
    join journey_entry as entry on entry.app_id = asked.app_id and entry.id = asked.id
    where entry.ended_at is null`.execute(db);
  return rows;
}

/**
 * Notes that an operator has reset an entry's workflow, and when.
 * @returns false where that was known
 */
export async function noteReset(tx: Tx, entry: Entry, at: Date): Promise<boolean> {
  const noted = await tx
    .updateTable('journey_entry')
    .set({ reset_at: at })
    .where('app_id', '=', entry.app_id)
    .where('id', '=', entry.id)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('reset_at', 'is', null), eb('reset_at', '<', at)]))
    .executeTakeFirst();
  return noted.numUpdatedRows > 0n;
}
