import { type Selectable, sql } from 'kysely';
import type { Queryable } from '../database.ts';
import { type EndpointWithUser, findEndpoints } from '../people/endpoints.ts';
import type { EventTable } from '../tables/events.ts';
import type { StreamRecordRow } from './streamRecords.ts';

export type EventRow = Selectable<EventTable>;

/** What records are made of, looked up together. */
export interface StreamSources {
  /** By id; without those that were erased. */
  readonly events: ReadonlyMap<string, EventRow>;
  readonly endpoints: ReadonlyMap<string, EndpointWithUser>;
  /** The runs of journey entries, by entry. */
  readonly runs: ReadonlyMap<string, string>;
}

/** Reads the events, endpoints and journey runs that records of one app tell of. */
export async function readSources(
  db: Queryable,
  appId: string,
  records: readonly StreamRecordRow[],
): Promise<StreamSources> {
  const events = await eventsOf(db, appId, records);
  const owners = records.flatMap(({ kind, subject }) => (kind === 'send' ? [subject] : []));
  const [endpoints, runs] = await Promise.all([
    findEndpoints(db, appId, [...new Set(records.map((record) => record.endpoint_id))]),
    runsOf(db, appId, [...new Set(owners)]),
  ]);
  return {
    events: new Map(events.map((event) => [event.id, event])),
    endpoints: new Map(endpoints.map((endpoint) => [endpoint.id, endpoint])),
    runs,
  };
}

/** A record and its event arrived at one instant, by which events are partitioned. */
async function eventsOf(
  db: Queryable,
  appId: string,
  records: readonly StreamRecordRow[],
): Promise<EventRow[]> {
  const told = records.filter((record) => record.kind === 'event');
  if (told.length === 0) return [];
  const times = told.map((record) => record.arrived_at.getTime());
  return await db
    .selectFrom('event')
    .selectAll()
    .where('app_id', '=', appId)
    .where('id', '=', sql<string>`any(${told.map((record) => record.subject)}::uuid[])`)
    .where('received_at', '>=', new Date(Math.min(...times)))
    .where('received_at', '<=', new Date(Math.max(...times)))
    .execute();
}

async function runsOf(
  db: Queryable,
  appId: string,
  owners: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (owners.length === 0) return new Map();
  const rows = await db
    .selectFrom('journey_entry')
    .select(['id', 'run_id'])
    .where('app_id', '=', appId)
    .where('id', '=', sql<string>`any(${[...owners]}::uuid[])`)
    .execute();
  return new Map(rows.flatMap(({ id, run_id }) => (run_id === null ? [] : [[id, run_id] as const])));
}
