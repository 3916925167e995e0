import { type Selectable, sql, type Updateable } from 'kysely';
import type { Ahead } from '../../domain/journey/ahead.ts';
import type { Queryable, Tx } from '../database.ts';
import type { JourneyEntryTable, JourneyStepTable } from '../tables/journeys.ts';
import { sharedJourney } from './journeyLocks.ts';
import { tellOfLast } from './lastToLeave.ts';

export type Entry = Selectable<JourneyEntryTable>;

/**
 * Locks a participant's own row, then the entry, then shares the journey: in this order everywhere, so that a write to the
 * person and a step of the journey never wait for each other in a circle. One statement, for every step does this first: an
 * entry is locked once the counts of the locked people are known, and as it is then. What is to be read under these locks
 * is read by the next statement. Undefined when the entry is gone or over.
 */
export async function lockOpenEntry(tx: Tx, appId: string, entryId: string): Promise<Entry | undefined> {
  const { rows } = await sql<Entry>`
    with seen as materialized (
      select participant from journey_entry where app_id = ${appId} and id = ${entryId} and ended_at is null),
    claimed as materialized (
      select from app_user where app_id = ${appId}
        and id = (select substr(participant, 3) from seen where participant like 'u:%') for update),
    alone as materialized (
      select from endpoint where app_id = ${appId}
        and id = (select substr(participant, 3) from seen where participant not like 'u:%') for update),
    entry as materialized (
      select * from journey_entry where app_id = ${appId} and id = ${entryId} and ended_at is null
        and (select count(*) from claimed) + (select count(*) from alone) >= 0 for update)
    select entry.* from entry cross join lateral ${sharedJourney(sql.ref('entry.app_id'), sql.ref('entry.journey_id'))} as shared`.execute(
    tx,
  );
  return rows[0];
}

/** Notes that the workflows of entries exist, for those of which that was not known. */
export async function confirmStarts(
  tx: Queryable,
  entries: readonly { readonly app_id: string; readonly entry_id: string | null }[],
  now: Date,
): Promise<void> {
  if (entries.length === 0) return;
  const apps = entries.map((entry) => entry.app_id);
  const ids = entries.map((entry) => entry.entry_id);
  await sql`update journey_entry as entry set start_confirmed_at = ${now}
    from unnest(${apps}::text[], ${ids}::uuid[]) as started (app_id, id)
    where entry.app_id = started.app_id and entry.id = started.id and entry.start_confirmed_at is null`.execute(
    tx,
  );
}

/** Where an entry stands after a step, which it comes to next, and when its workflow will look again by itself. */
export async function moveEntry(tx: Tx, entry: Entry, position: string, ahead: Ahead): Promise<void> {
  const wakeAt = new Date(ahead.wakesAt);
  await update(tx, entry, { position, next_step: ahead.step ?? null, wake_at: wakeAt, parked_epoch: null });
}

/** When an entry's workflow will look again by itself, where nothing else has changed. */
export async function postponeEntry(tx: Tx, entry: Entry, wakeAt: Date): Promise<void> {
  await update(tx, entry, { wake_at: wakeAt, parked_epoch: null });
}

/** Marks a participant who woke in a paused journey; resuming wakes the marked. */
export async function parkEntry(tx: Tx, entry: Entry, epoch: number): Promise<void> {
  await update(tx, entry, { parked_epoch: epoch });
}

/**
 * Ends an entry with its watches. Reasons: COMPLETED, HOLDOUT, CANCELLED, DUPLICATE_USER, ENDPOINT_DELETED; of one whose
 * workflow is gone OPERATOR_TERMINATED, OPERATOR_CANCELLED, WORKFLOW_FAILED, WORKFLOW_LOST. Of a closed journey the last
 * one's end is told to its life.
 */
export async function endEntry(
  tx: Tx,
  entry: Entry,
  position: string | null,
  reason: string,
  now: Date,
): Promise<void> {
  await update(tx, entry, {
    ended_at: now,
    end_reason: reason,
    position: position ?? entry.position,
    next_step: null,
    wake_at: null,
    parked_epoch: null,
  });
  await tx
    .updateTable('event_watch')
    .set({ closed_at: now })
    .where('app_id', '=', entry.app_id)
    .where('entry_id', '=', entry.id)
    .where('closed_at', 'is', null)
    .execute();
  await tellOfLast(tx, { appId: entry.app_id, journeyId: entry.journey_id }, now);
}

async function update(tx: Tx, entry: Entry, change: Updateable<JourneyEntryTable>): Promise<void> {
  await tx
    .updateTable('journey_entry')
    .set(change)
    .where('app_id', '=', entry.app_id)
    .where('id', '=', entry.id)
    .execute();
}

export type StepRecord = Omit<JourneyStepTable, 'app_id' | 'entry_id' | 'seq'>;

/** Writes what happened at steps; one that is written already stays as it is. */
export async function recordSteps(tx: Tx, entry: Entry, steps: readonly StepRecord[]): Promise<void> {
  if (steps.length === 0) return;
  await tx
    .insertInto('journey_step')
    .values(steps.map((step) => ({ ...step, app_id: entry.app_id, entry_id: entry.id })))
    .onConflict((conflict) => conflict.columns(['app_id', 'entry_id', 'step']).doNothing())
    .execute();
}

/** What was recorded of one step, if it is done. */
export async function readStep(db: Queryable, entry: Entry, step: string): Promise<StepRecord | undefined> {
  return await db
    .selectFrom('journey_step')
    .select(['step', 'kind', 'at', 'decision', 'reason'])
    .where('app_id', '=', entry.app_id)
    .where('entry_id', '=', entry.id)
    .where('step', '=', step)
    .executeTakeFirst();
}
