import { sql } from 'kysely';
import { DAY_MS, MINUTE_MS } from '../../domain/duration.ts';
import type { Database, Tx } from '../database.ts';
import { wakeEntries } from './entryWorkflow.ts';
import { holdJourneys } from './journeyLocks.ts';
import { endRuns, type JourneyKey } from './journeyRuns.ts';
import { hasOpenEntries, openEntries, openEntriesInOrder } from './lastToLeave.ts';

/** Nobody enters a journey any more; who is inside goes on. */
export async function closeJourney(db: Database, key: JourneyKey, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await holdJourneys(tx, key.appId, [key.journeyId]);
    const closed = await tx
      .updateTable('journey')
      .set({ state: 'CLOSED', modified_at: now })
      .where('app_id', '=', key.appId)
      .where('id', '=', key.journeyId)
      .where('state', '=', 'ACTIVE')
      .executeTakeFirst();
    if (closed.numUpdatedRows > 0n) await endRuns(tx, key, 'COMPLETED', now);
  });
}

/**
 * Completes a closed journey that everyone has left. Whoever is leaving keeps it as it is: this waits for them.
 * @returns null when that was it; else when to look again, should the last one's word have been lost
 */
export async function completeJourney(db: Database, key: JourneyKey, now: Date): Promise<Date | null> {
  return await db.transaction().execute(async (tx) => {
    await holdJourneys(tx, key.appId, [key.journeyId]);
    const journey = await tx
      .selectFrom('journey')
      .select('state')
      .where('app_id', '=', key.appId)
      .where('id', '=', key.journeyId)
      .executeTakeFirst();
    if (journey?.state !== 'CLOSED') return now;
    if (await hasOpenEntries(tx, key)) return await lookAgain(tx, key, now);
    await tx
      .updateTable('journey')
      .set({ state: 'COMPLETED', modified_at: now })
      .where('app_id', '=', key.appId)
      .where('id', '=', key.journeyId)
      .execute();
    return null;
  });
}

/** After the last of those inside can have left by themselves, but within a minute to a day. */
async function lookAgain(tx: Tx, key: JourneyKey, now: Date): Promise<Date> {
  const { last } = await openEntries(tx, key)
    .select((eb) => eb.fn.max<Date | null>('wake_at').as('last'))
    .executeTakeFirstOrThrow();
  const at = (last?.getTime() ?? now.getTime() + DAY_MS) + MINUTE_MS;
  return new Date(Math.min(Math.max(at, now.getTime() + MINUTE_MS), now.getTime() + DAY_MS));
}

/** Entries that are ended and woken in one transaction, and so in a second. */
const SWEPT_AT_ONCE = 500;

/**
 * Ends a piece of those inside a cancelled journey, and has their workflows see it.
 * @returns whether nobody is left
 */
export async function sweepCancelled(db: Database, key: JourneyKey, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const left = await openEntriesInOrder(tx, key)
      .select(['app_id', 'id', 'journey_id', 'endpoint_id'])
      .limit(SWEPT_AT_ONCE)
      .forUpdate()
      .skipLocked()
      .execute();
    const ids = left.map((entry) => entry.id);
    await tx
      .updateTable('journey_entry')
      .set({ ended_at: now, end_reason: 'CANCELLED', wake_at: null, parked_epoch: null })
      .where('app_id', '=', key.appId)
      .where('id', '=', sql<string>`any(${ids}::uuid[])`)
      .execute();
    await closeWatchesOf(tx, key.appId, ids, now);
    await wakeEntries(tx, left, now, now);
    return left.length === 0 && !(await hasOpenEntries(tx, key));
  });
}

/** Those that an event holds at this moment stay: a wake that they cause finds its workflow gone. */
async function closeWatchesOf(tx: Tx, appId: string, entryIds: readonly string[], now: Date): Promise<void> {
  await sql`update event_watch set closed_at = ${now}
    where app_id = ${appId} and id = any(array(
      select id from event_watch
      where app_id = ${appId} and entry_id = any(${[...entryIds]}::uuid[]) and closed_at is null
      order by id for update skip locked))`.execute(tx);
}
