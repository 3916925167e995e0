import { sql } from 'kysely';
import type { Queryable } from './database.ts';
import { COUNTED } from './streams/eventStreams.ts';

/** What waits to be worked off. Ages are seconds of logical time. */
export interface Backlogs {
  readonly outbox: readonly {
    readonly kind: string;
    readonly rows: number;
    readonly oldestSeconds: number;
  }[];
  readonly deadLetters: number;
  readonly dirtyEndpoints: number;
  /** At most `COUNTED` of each stream. */
  readonly streamRecords: number;
  readonly streamOldestSeconds: number;
  readonly failingStreams: number;
  /** Of the streams there are, since each was put. */
  readonly skippedRecords: number;
  readonly droppedRecords: number;
}

/** Counts the backlogs; `now` is logical time. Rows of the outbox that wait for a time to come are not due and have no age. */
export async function readBacklogs(db: Queryable, now: Date): Promise<Backlogs> {
  const age = (oldest: string) => sql<string | null>`extract(epoch from ${now} - ${sql.ref(oldest)})`;
  const outbox = await db
    .selectFrom((from) =>
      from
        .selectFrom('outbox')
        .select(({ fn }) => ['kind', fn.countAll<string>().as('rows'), fn.min('not_before').as('oldest')])
        .groupBy('kind')
        .as('lane'),
    )
    .select(['kind', 'rows', age('oldest').as('age')])
    .execute();
  const streams = await streamBacklogs(db, now);
  return {
    outbox: outbox.map((row) => ({
      kind: row.kind,
      rows: Number(row.rows),
      oldestSeconds: Math.max(0, Number(row.age ?? 0)),
    })),
    deadLetters: await countOf(db.selectFrom('outbox_dead').select(rows).executeTakeFirstOrThrow()),
    dirtyEndpoints: await countOf(db.selectFrom('dirty_endpoint').select(rows).executeTakeFirstOrThrow()),
    ...streams,
  };
}

type StreamBacklogs = Pick<
  Backlogs,
  'streamRecords' | 'streamOldestSeconds' | 'failingStreams' | 'skippedRecords' | 'droppedRecords'
>;

/** The first records of each stream only: where a far end is away there may be millions. */
async function streamBacklogs(db: Queryable, now: Date): Promise<StreamBacklogs> {
  const { rows } = await sql<Record<keyof StreamBacklogs, string>>`
    select coalesce(sum(waiting.records), 0) as "streamRecords",
      coalesce(extract(epoch from ${now} - min(oldest.arrived_at)), 0) as "streamOldestSeconds",
      count(*) filter (where failures > 0) as "failingStreams",
      coalesce(sum(skipped), 0) as "skippedRecords", coalesce(sum(dropped), 0) as "droppedRecords"
    from event_stream as stream
    cross join lateral (select count(*) as records from (
      select from stream_record where app_id = stream.app_id limit ${COUNTED}) as first) as waiting
    left join lateral (
      select arrived_at from stream_record where app_id = stream.app_id order by id limit 1) as oldest on true`.execute(
    db,
  );
  const [row] = rows;
  return {
    streamRecords: Number(row?.streamRecords ?? 0),
    streamOldestSeconds: Math.max(0, Number(row?.streamOldestSeconds ?? 0)),
    failingStreams: Number(row?.failingStreams ?? 0),
    skippedRecords: Number(row?.skippedRecords ?? 0),
    droppedRecords: Number(row?.droppedRecords ?? 0),
  };
}

const rows = sql<string>`count(*)`.as('rows');

async function countOf(counted: Promise<{ rows: string }>): Promise<number> {
  return Number((await counted).rows);
}

/** Open entries of journeys by the state of their journey, and whether a pause has parked them. */
export interface InsideCount {
  readonly state: string;
  readonly parked: boolean;
  readonly count: number;
}

/** Counts who is inside a journey: reads every open entry. */
export async function countInside(db: Queryable): Promise<InsideCount[]> {
  const counted = await db
    .selectFrom('journey_entry as entry')
    .innerJoin('journey', (join) =>
      join.onRef('journey.app_id', '=', 'entry.app_id').onRef('journey.id', '=', 'entry.journey_id'),
    )
    .select(['journey.state', sql<boolean>`parked_epoch is not null`.as('parked'), rows])
    .where('entry.ended_at', 'is', null)
    .groupBy(['journey.state', sql`2`])
    .execute();
  return counted.map((row) => ({ state: row.state, parked: row.parked, count: Number(row.rows) }));
}
