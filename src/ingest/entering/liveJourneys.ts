import { type ExpressionBuilder, sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import { shareJourneys } from '../../db/journeys/journeyLocks.ts';
import type { Tables } from '../../db/tables.ts';
import type { LiveJourney } from './enterJourney.ts';

/** A journey that members of a segment enter. */
export interface SegmentJourney extends LiveJourney {
  readonly segment_id: string;
}

/**
 * The journeys of an app that take members of a segment in whenever one comes to match, kept as they are until the
 * transaction ends: a cancel that has returned is seen.
 */
export async function journeysThatListen(tx: Tx, appId: string, now: Date): Promise<SegmentJourney[]> {
  const listening = () =>
    takingIn(tx, appId, now)
      .where('entry_event_type', 'is', null)
      .where('segment_id', 'is not', null)
      .where((eb) => eb.or([eb('entry_mode', 'is', null), eb('entry_mode', '=', 'live')]));
  return (await kept(tx, appId, listening)).map(withSegment);
}

/** Reads journeys once they are locked: their state is that of now, and stays. */
async function kept(
  tx: Tx,
  appId: string,
  query: () => ReturnType<typeof takingIn>,
): Promise<Awaited<ReturnType<ReturnType<typeof takingIn>['execute']>>> {
  const found = await query().execute();
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  await shareJourneys(tx, appId, ids);
  return await query().where('id', '=', sql<string>`any(${ids}::text[])`).execute();
}

/** One journey by its id, kept as it is, if it takes members of a segment in now. */
export async function segmentJourney(
  tx: Tx,
  appId: string,
  journeyId: string,
  now: Date,
): Promise<SegmentJourney | undefined> {
  await shareJourneys(tx, appId, [journeyId]);
  const row = await takingIn(tx, appId, now)
    .where('id', '=', journeyId)
    .where('entry_event_type', 'is', null)
    .where('segment_id', 'is not', null)
    .executeTakeFirst();
  return row && withSegment(row);
}

/** The journeys that one of these types of events may start now, kept as they are. */
export async function journeysStartedBy(
  tx: Tx,
  appId: string,
  types: readonly string[],
  now: Date,
): Promise<LiveJourney[]> {
  const started = () =>
    takingIn(tx, appId, now).where('entry_event_type', '=', sql<string>`any(${[...types]}::text[])`);
  return await kept(tx, appId, started);
}

type Row = LiveJourney & { readonly segment_id: string | null };

function withSegment(row: Row): SegmentJourney {
  return { ...row, segment_id: row.segment_id ?? '' };
}

/** What is ACTIVE between its start and its end, with its current run. */
function takingIn(tx: Tx, appId: string, now: Date) {
  return tx
    .selectFrom('journey')
    .select([
      'app_id',
      'id',
      'document',
      'time_scale',
      'split_evaluation',
      'entry_mode',
      'segment_id',
      'segment_version',
    ])
    .select(currentRunId)
    .where('app_id', '=', appId)
    .where('state', '=', 'ACTIVE')
    .where((eb) => eb.or([eb('starts_at', 'is', null), eb('starts_at', '<=', now)]))
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', now)]))
    .orderBy('id');
}

function currentRunId(eb: ExpressionBuilder<Tables, 'journey'>) {
  return eb
    .selectFrom('journey_run as run')
    .select('run.id')
    .whereRef('run.app_id', '=', 'journey.app_id')
    .whereRef('run.journey_id', '=', 'journey.id')
    .orderBy('run.no', 'desc')
    .limit(1)
    .as('run_id');
}
