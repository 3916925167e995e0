import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { RecordDetail, RecordKind } from '../../domain/stream/record.ts';
import { json, type Queryable, type Tx } from '../database.ts';
import type { StreamRecordTable } from '../tables/streams.ts';

export type StreamRecordRow = Selectable<StreamRecordTable>;

/** A fact that an app's event stream tells of. */
export interface Streamed {
  readonly endpointId: string;
  readonly kind: RecordKind;
  /** The event, or the owner of the message. */
  readonly subject: string;
  readonly detail: RecordDetail;
}

/**
 * Writes what the app's event stream will tell, in the given order and in the transaction of the facts; nothing where
 * the app has no stream.
 * @param now logical time
 */
export async function streamFacts(
  db: Queryable,
  appId: string,
  facts: readonly Streamed[],
  now: Date,
): Promise<void> {
  if (facts.length > 0) await insertFacts(appId, facts, now).execute(db);
}

/** The same as a statement, which another one may carry; `onlyIf`: a condition on what that one does. */
export function insertFacts(
  appId: string,
  facts: readonly Streamed[],
  now: Date,
  onlyIf: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  return sql`
    insert into stream_record (app_id, endpoint_id, kind, subject, detail, arrived_at)
    select stream.app_id, fact."endpointId", fact.kind, fact.subject, fact.detail, ${now}
    from event_stream as stream cross join rows from (
      jsonb_to_recordset(${json(facts)}::jsonb) as ("endpointId" text, kind text, subject uuid, detail jsonb)
    ) with ordinality as fact ("endpointId", kind, subject, detail, position)
    where stream.app_id = ${appId} and ${onlyIf} order by fact.position`;
}

/** The records that come next, in their order. */
export async function nextRecords(db: Queryable, appId: string, most: number): Promise<StreamRecordRow[]> {
  return await db
    .selectFrom('stream_record')
    .selectAll()
    .where('app_id', '=', appId)
    .orderBy('id')
    .limit(most)
    .execute();
}

/** Erases what is still to be told of endpoints. */
export async function eraseRecords(
  db: Queryable,
  appId: string,
  endpointIds: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('stream_record')
    .where('app_id', '=', appId)
    .where('endpoint_id', 'in', [...endpointIds])
    .execute();
}

/** How much of what a far end does not take is kept. */
export interface Keeping {
  /** Older ones are given up (logical time). */
  readonly since: Date;
  /** So many, the newest, at most. */
  readonly most: number;
}

const BATCH_SIZE = 5000;

/**
 * Gives up the oldest records of an app beyond what is kept, a batch of them, and counts them at its stream.
 * @returns how many; 0 when none is left
 */
export async function dropRecords(
  tx: Tx,
  appId: string,
  { since, most }: Keeping,
  now: Date,
): Promise<number> {
  // the stream first, as whoever deletes it does
  await sql`select from event_stream where app_id = ${appId} for update`.execute(tx);
  const { numAffectedRows } = await sql`
    delete from stream_record where app_id = ${appId} and id = any(array(
      select id from (
        select id, arrived_at from stream_record where app_id = ${appId} order by id limit ${BATCH_SIZE} for update skip locked
      ) as oldest
      where arrived_at < ${since} or id <= (
        select id from stream_record where app_id = ${appId} order by id desc offset ${most} limit 1)))`.execute(
    tx,
  );
  const dropped = Number(numAffectedRows ?? 0);
  if (dropped > 0) {
    await sql`update event_stream set dropped = dropped + ${dropped}, dropped_at = ${now}
      where app_id = ${appId}`.execute(tx);
  }
  return dropped;
}

/** Forgets records that committed beside the deletion of their stream, a batch of them. @returns how many */
export async function dropStreamless(db: Queryable): Promise<number> {
  const { numAffectedRows } = await sql`
    with recursive apps as (
      (select app_id from stream_record order by app_id limit 1)
      union all
      select (select min(app_id) from stream_record where stream_record.app_id > apps.app_id)
      from apps where apps.app_id is not null)
    delete from stream_record where ctid = any(array(
      select ctid from stream_record where app_id in (
        select app_id from apps where not exists (select from event_stream where event_stream.app_id = apps.app_id))
      limit ${BATCH_SIZE}))`.execute(db);
  return Number(numAffectedRows ?? 0);
}
