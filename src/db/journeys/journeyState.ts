import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { workflowIdColumn } from '../outbox/workflowIds.ts';
import { endRuns } from './journeyRuns.ts';
import type { JourneyRow } from './journeys.ts';

/** Wakes written for one instant when a journey resumes; the next as many come a second later. */
const WAKES_PER_SECOND = 1000;

/** Stops a running journey, whose row is locked by the caller, until it resumes. */
export async function pause(tx: Tx, journey: JourneyRow, now: Date): Promise<JourneyRow> {
  await tx
    .insertInto('journey_pause')
    .values({ app_id: journey.app_id, journey_id: journey.id, paused_at: now, resumed_at: null })
    .onConflict((conflict) =>
      conflict.columns(['app_id', 'journey_id', 'paused_at']).doUpdateSet({ resumed_at: null }),
    )
    .execute();
  return await update(tx, journey, { state: 'PAUSED', modified_at: now });
}

/** Ends the pause and wakes who woke during it. */
export async function resume(tx: Tx, journey: JourneyRow, now: Date): Promise<JourneyRow> {
  await closePause(tx, journey, now);
  await wakeParked(tx, journey, now);
  // who came to match meanwhile enters now, where members enter at any time
  const missed = journey.entry_mode === 'original' ? 0 : 1;
  return await update(tx, journey, {
    state: 'ACTIVE',
    epoch: journey.epoch + 1,
    passes_wanted: journey.passes_wanted + missed,
    modified_at: now,
  });
}

/** Stops a journey for good. Who was parked is woken to end; its life ends everybody else, piece by piece. */
export async function cancel(tx: Tx, journey: JourneyRow, now: Date): Promise<JourneyRow> {
  await closePause(tx, journey, now);
  await wakeParked(tx, journey, now);
  await endRuns(tx, { appId: journey.app_id, journeyId: journey.id }, 'CANCELLED', now);
  return await update(tx, journey, { state: 'CANCELLED', cancelled_at: now, modified_at: now });
}

/** Takes a journey away from its readers. One that never ran leaves nothing; the others keep what they sent. */
export async function remove(tx: Tx, journey: JourneyRow, now: Date): Promise<void> {
  if (journey.published_at !== null) {
    await update(tx, journey, { deleted_at: now });
    return;
  }
  await tx.deleteFrom('journey').where('app_id', '=', journey.app_id).where('id', '=', journey.id).execute();
}

async function update(
  tx: Tx,
  journey: JourneyRow,
  change: Partial<
    Pick<JourneyRow, 'state' | 'epoch' | 'passes_wanted' | 'cancelled_at' | 'deleted_at' | 'modified_at'>
  >,
): Promise<JourneyRow> {
  return await tx
    .updateTable('journey')
    .set(change)
    .where('app_id', '=', journey.app_id)
    .where('id', '=', journey.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function closePause(tx: Tx, journey: JourneyRow, now: Date): Promise<void> {
  await tx
    .updateTable('journey_pause')
    .set({ resumed_at: now })
    .where('app_id', '=', journey.app_id)
    .where('journey_id', '=', journey.id)
    .where('resumed_at', 'is', null)
    .execute();
}

/** As rows of the outbox straight out of the table, at a pace: there may be a million parked entries. */
async function wakeParked(tx: Tx, journey: JourneyRow, now: Date): Promise<void> {
  const parked = tx
    .selectFrom('journey_entry')
    .select((eb) => [
      'app_id',
      'id as entry_id',
      workflowIdColumn('journey').as('workflow_id'),
      sql<number>`0::smallint`.as('lane'),
      sql<string>`'wake'`.as('kind'),
      sql<Date>`${now}::timestamptz + (row_number() over (order by ${eb.ref('id')}) - 1)
        / ${WAKES_PER_SECOND}::int * interval '1 second'`.as('not_before'),
      sql<Date>`${now}::timestamptz`.as('created_at'),
    ])
    .where('app_id', '=', journey.app_id)
    .where('journey_id', '=', journey.id)
    .where('parked_epoch', 'is not', null)
    .where('ended_at', 'is', null);
  await tx
    .insertInto('outbox')
    .columns(['app_id', 'entry_id', 'workflow_id', 'lane', 'kind', 'not_before', 'created_at'])
    .expression(parked)
    .execute();
  await unpark(tx, journey);
}

/**
 * One whose workflow is gone is found as overdue from now on. Who is locked is just being decided about: that waits for
 * the journey, and sees it as it is then.
 */
async function unpark(tx: Tx, journey: JourneyRow): Promise<void> {
  await sql`update journey_entry set parked_epoch = null where app_id = ${journey.app_id} and id = any(array(
    select id from journey_entry where app_id = ${journey.app_id} and journey_id = ${journey.id}
      and parked_epoch is not null and ended_at is null for update skip locked))`.execute(tx);
}
