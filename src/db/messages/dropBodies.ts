import { sql } from 'kysely';
import type { Queryable } from '../database.ts';

const BATCH_SIZE = 1000;

/**
 * Forgets what a batch of messages said that were settled before an instant (logical time). Several callers share the work.
 * @returns how many; 0 when none is left
 */
export async function dropBodies(db: Queryable, settledBefore: Date): Promise<number> {
  const dropped = await sql`
    update message set rendered = null, keeps_body = false
    from (select app_id, owner, seq from message where keeps_body and settled_at < ${settledBefore}
      order by settled_at limit ${BATCH_SIZE} for update skip locked) old
    where message.app_id = old.app_id and message.owner = old.owner and message.seq = old.seq`.execute(db);
  return Number(dropped.numAffectedRows ?? 0);
}
