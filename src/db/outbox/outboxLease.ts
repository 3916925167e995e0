import { sql } from 'kysely';
import type { Queryable } from '../database.ts';
import type { OutboxRow } from './outbox.ts';

/** A row of the outbox as the relay reads it. */
export interface OutboxItem {
  readonly id: string;
  readonly kind: OutboxRow['kind'];
  readonly app_id: string;
  readonly entry_id: string | null;
  readonly workflow_id: string;
  readonly payload: Record<string, unknown>;
  readonly attempts: number;
}

const BATCH_SIZE = 100;
/** Real milliseconds a row is a relay's, unless it renews that: what a killed one had taken is others' after this. */
const LEASE_MS = 5_000;
/** Real milliseconds after which a relay that is still at it renews. */
export const RENEW_MS = 2_000;

/**
 * Takes rows that are due: wakes and owners' starts first, then entries, then the rest, those of a lane in the order in which they became due.
 * Each lane is read by itself, from its first row that is due: what waits for later in one hides nothing of the next.
 */
export async function leaseOutbox(
  db: Queryable,
  { logical, real }: { readonly logical: Date; readonly real: Date },
): Promise<OutboxItem[]> {
  const leased = await sql<OutboxItem>`
    update outbox set leased_until = ${leaseEnd(real)}, attempts = attempts + 1
    where id = any(array(
      select due.id from unnest('{0,1,2}'::smallint[]) as lanes(no) cross join lateral (
        select id from outbox
        where lane = lanes.no and not_before <= ${logical} and (leased_until is null or leased_until < ${real})
        order by not_before, id limit ${BATCH_SIZE} for update skip locked) as due
      limit ${BATCH_SIZE}))
    returning id, kind, app_id, entry_id, workflow_id, payload, attempts`.execute(db);
  return leased.rows;
}

/** Keeps rows that a relay has taken and is still at work on. */
export async function renewLease(db: Queryable, rows: readonly OutboxItem[], real: Date): Promise<void> {
  const ids = rows.map(({ id }) => id);
  await sql`update outbox set leased_until = ${leaseEnd(real)} where id = any(${ids}::bigint[])`.execute(db);
}

function leaseEnd(real: Date): Date {
  return new Date(real.getTime() + LEASE_MS);
}
