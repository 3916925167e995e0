import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { type EntryKey, wakeEntries } from '../journeys/entryWorkflow.ts';

/**
 * Wakes participants who wait for a provider's account to go on, those first who would come back first. What is locked is just
 * being decided about. `now` is logical time.
 * @returns how many were woken
 */
export async function releaseHeld(tx: Tx, channel: string, most: number, now: Date): Promise<number> {
  const released = await sql<EntryKey>`
    with released as (
      update message set held_until = ${now} where (app_id, owner, seq) in (
        select app_id, owner, seq from message
        where channel = ${channel} and state = 'queued' and held_for in ('DAILY_QUOTA', 'SENDING_PAUSED')
          and held_until > ${now}
        order by held_until limit ${most} for update skip locked)
      returning app_id, owner)
    select distinct entry.app_id, entry.id, entry.journey_id, entry.endpoint_id
    from released join journey_entry entry on entry.app_id = released.app_id and entry.id = released.owner`.execute(
    tx,
  );
  await wakeEntries(tx, released.rows, now, now);
  return released.rows.length;
}
