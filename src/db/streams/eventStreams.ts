import { type Selectable, sql } from 'kysely';
import type { StreamDestination } from '../../domain/stream/destination.ts';
import { json, type Queryable, type Tx } from '../database.ts';
import type { EventStreamTable } from '../tables/streams.ts';

export type EventStream = Selectable<EventStreamTable>;

/** Directs an app's stream to a destination; what waits goes there too. Counts and backoff begin anew. */
export async function putStream(
  db: Queryable,
  stream: {
    readonly appId: string;
    readonly destination: StreamDestination;
    readonly modifiedBy: string | null;
  },
  now: Date,
): Promise<EventStream> {
  const { appId: app_id, destination, modifiedBy } = stream;
  const row = { app_id, destination: json(destination), modified_at: now, modified_by: modifiedBy };
  return await db
    .insertInto('event_stream')
    .values({ ...row, leased_by: null, leased_until: null, next_try_at: null, last_error: null })
    .onConflict((conflict) =>
      conflict.column('app_id').doUpdateSet({
        ...row,
        next_try_at: null,
        failures: 0,
        last_error: null,
        delivered: '0',
        delivered_at: null,
        skipped: '0',
        last_skip: null,
        dropped: '0',
        dropped_at: null,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** An app's stream; undefined where it has none. */
export async function findStream(db: Queryable, appId: string): Promise<EventStream | undefined> {
  return await db.selectFrom('event_stream').selectAll().where('app_id', '=', appId).executeTakeFirst();
}

/** Those of all apps, by app: there are at most as many as apps. */
export async function allStreams(db: Queryable): Promise<EventStream[]> {
  return await db.selectFrom('event_stream').selectAll().orderBy('app_id').execute();
}

/** Ends an app's stream with what was not sent. @returns the stream as it was; `undefined` when there is none */
export async function deleteStream(tx: Tx, appId: string): Promise<EventStream | undefined> {
  const row = await tx
    .deleteFrom('event_stream')
    .where('app_id', '=', appId)
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) await tx.deleteFrom('stream_record').where('app_id', '=', appId).execute();
  return row;
}

/** How long (real milliseconds) a stream is one worker's: longer than a turn takes. */
const LEASE_MS = 30_000;

/**
 * Takes streams that have something to send and nobody sends, for one worker process.
 * @param real real time
 */
export async function leaseStreams(
  db: Queryable,
  worker: string,
  real: Date,
  most: number,
): Promise<EventStream[]> {
  const leased = await sql<EventStream>`
    update event_stream set leased_by = ${worker}, leased_until = ${new Date(real.getTime() + LEASE_MS)}
    where app_id = any(array(
      select app_id from event_stream as free
      where (leased_until is null or leased_until < ${real}) and (next_try_at is null or next_try_at <= ${real})
        and exists (select from stream_record where stream_record.app_id = free.app_id)
      order by next_try_at nulls first, leased_until nulls first limit ${most} for update skip locked))
    returning *`.execute(db);
  return leased.rows;
}

/** What a turn of sending came to. */
export interface Turn {
  /** Records that leave: taken by the far end, skipped, or of somebody who was erased meanwhile. */
  readonly doneIds: readonly string[];
  readonly delivered: number;
  readonly skipped: number;
  readonly lastSkip: string | null;
  /** Why the rest waits; null where nothing went wrong. */
  readonly failure: string | null;
  /** Real time before which nothing is tried again. */
  readonly nextTryAt: Date | null;
}

/**
 * Records a turn and gives the stream back. A worker that lost its lease meanwhile still forgets what the far end has
 * taken from it. Who erases a person holds the rows: they are passed over, and sent once more if the erasure fails.
 * @param logical when the far end took the records
 */
export async function recordTurn(
  tx: Tx,
  stream: Pick<EventStream, 'app_id' | 'leased_by'>,
  turn: Turn,
  logical: Date,
): Promise<void> {
  const { delivered, skipped, lastSkip, failure, nextTryAt } = turn;
  await sql`
    update event_stream set
      leased_by = null, leased_until = null, next_try_at = ${nextTryAt},
      failures = ${failure === null ? sql`0` : sql`failures + 1`}, last_error = ${failure},
      delivered = delivered + ${delivered}, delivered_at = ${delivered > 0 ? logical : sql`delivered_at`},
      skipped = skipped + ${skipped}, last_skip = coalesce(${lastSkip}, last_skip)
    where app_id = ${stream.app_id} and leased_by = ${stream.leased_by}`.execute(tx);
  await sql`
    delete from stream_record where app_id = ${stream.app_id} and id = any(array(
      select id from stream_record where app_id = ${stream.app_id} and id = any(${[...turn.doneIds]}::bigint[])
      for update skip locked))`.execute(tx);
}

/** What waits to be sent. */
export interface Backlog {
  /** At most `COUNTED`: who has more is told so. */
  readonly records: number;
  /** When the oldest arrived (logical time); null where nothing waits. */
  readonly oldestAt: Date | null;
}

/** Records that wait are counted up to here: counting millions would take seconds. */
export const COUNTED = 100_000;

/** What of an app's stream waits to be sent. */
export async function readBacklog(db: Queryable, appId: string): Promise<Backlog> {
  const { rows } = await sql<{ records: string; oldest: Date | null }>`
    select (select count(*) from (select from stream_record where app_id = ${appId} limit ${COUNTED}) as counted) as records,
      (select arrived_at from stream_record where app_id = ${appId} order by id limit 1) as oldest`.execute(
    db,
  );
  return { records: Number(rows[0]?.records ?? 0), oldestAt: rows[0]?.oldest ?? null };
}
