import { sql } from 'kysely';
import type { Plan } from '../../domain/journey/plan.ts';
import type { Queryable } from '../database.ts';
import type { Entry } from '../journeys/entries.ts';
import { planOf } from '../journeys/journeys.ts';
import type { OutboxItem } from './outboxLease.ts';

/** What carrying a row of the outbox to an entry's workflow takes. */
export interface Carried {
  readonly entry: Entry;
  /** Whether it watches for events from its entry on. */
  readonly isWatched: boolean;
  /** The journey it is in, compiled once for all of a batch. */
  readonly journey: { readonly name: string; readonly plan: Plan };
}

/** The open entries that rows of the outbox are about, by entry id; two statements for a whole batch. */
export async function readCarried(
  db: Queryable,
  rows: readonly Pick<OutboxItem, 'app_id' | 'entry_id'>[],
): Promise<ReadonlyMap<string, Carried>> {
  const about = rows.filter(({ entry_id }) => entry_id !== null);
  if (about.length === 0) return new Map();
  const entries = await readOpen(db, about);
  const journeys = await readPlans(db, entries);
  return new Map(
    entries.flatMap(({ is_watched: isWatched, ...entry }) => {
      const journey = journeys.get(`${entry.app_id} ${entry.journey_id}`);
      return journey === undefined ? [] : [[entry.id, { entry, isWatched, journey }]];
    }),
  );
}

async function readOpen(
  db: Queryable,
  rows: readonly Pick<OutboxItem, 'app_id' | 'entry_id'>[],
): Promise<(Entry & { is_watched: boolean })[]> {
  const apps = rows.map(({ app_id }) => app_id);
  const ids = rows.map(({ entry_id }) => entry_id);
  const found = await sql<Entry & { is_watched: boolean }>`
    select entry.*, exists (select from event_watch as watch where watch.app_id = entry.app_id
      and watch.entry_id = entry.id and watch.message_step is null) as is_watched
    from unnest(${apps}::text[], ${ids}::uuid[]) as wanted (app_id, id)
    join journey_entry as entry on entry.app_id = wanted.app_id and entry.id = wanted.id
    where entry.ended_at is null`.execute(db);
  return found.rows;
}

async function readPlans(
  db: Queryable,
  entries: readonly Entry[],
): Promise<ReadonlyMap<string, Carried['journey']>> {
  const keys = new Map(entries.map((entry) => [`${entry.app_id} ${entry.journey_id}`, entry]));
  if (keys.size === 0) return new Map();
  const wanted = [...keys.values()];
  const journeys = await db
    .selectFrom('journey')
    .select(['app_id', 'id', 'name', 'document', 'time_scale', 'split_evaluation'])
    .where((eb) => eb.or(wanted.map((one) => eb.and({ app_id: one.app_id, id: one.journey_id }))))
    .execute();
  return new Map(
    journeys.map((row) => [`${row.app_id} ${row.id}`, { name: row.name, plan: planOf(row) }] as const),
  );
}
