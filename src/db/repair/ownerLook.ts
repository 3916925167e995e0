import { sql } from 'kysely';
import type { Queryable } from '../database.ts';
import type { WorkflowType } from '../outbox/outbox.ts';
import type { OwnerPosition } from './owners.ts';

/** Real milliseconds a page is a worker's: what a killed one had taken is another's after this. */
const LEASE_MS = 30_000;
/** Real milliseconds between looks, however many workers there are. */
const PAUSE_MS = 5 * 60_000;

/** Takes the next page of the look at all owners of a kind. Undefined while it is another's, or too early. */
export async function takeOwnerLook(
  db: Queryable,
  kind: WorkflowType,
  real: Date,
): Promise<OwnerPosition | undefined> {
  const leased = new Date(real.getTime() + LEASE_MS);
  const { rows } = await sql<OwnerPosition>`insert into owner_look as look (kind, next_at)
    values (${kind}, ${leased})
    on conflict (kind) do update set next_at = ${leased} where look.next_at <= ${real}
    returning app_id, id`.execute(db);
  return rows[0];
}

/** Notes the last owner that was looked at, for whoever comes next; null: that was all of them, the next look begins anew. */
export async function leaveOwnerLook(
  db: Queryable,
  kind: WorkflowType,
  last: OwnerPosition | null,
  real: Date,
): Promise<void> {
  const pause = last === null ? PAUSE_MS : 0;
  await db
    .updateTable('owner_look')
    .set({ app_id: '', id: '', ...last, next_at: new Date(real.getTime() + pause) })
    .where('kind', '=', kind)
    .execute();
}
