import { type ExpressionBuilder, sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import type { LiveJourney } from './enterJourney.ts';

/** A journey that members of a segment enter. */
export interface SegmentJourney extends LiveJourney {
  readonly segment_id: string;
}

/**
 * The journeys of an app that take members of a segment in whenever one comes to match, read FOR SHARE: a cancel that has
 * returned is seen.
 */
export async function journeysThatListen(tx: Tx, appId: string, now: Date): Promise<SegmentJourney[]> {
  const rows = await takingIn(tx, appId, now)
    .where('entry_event_type', 'is', null)
    .where('segment_id', 'is not', null)
    .where((eb) => eb.or([eb('entry_mode', 'is', null), eb('entry_mode', '=', 'live')]))
    .execute();
  return rows.map(withSegment);
}

/** One journey by its id, if it takes members of a segment in now. */
export async function segmentJourney(
  tx: Tx,
  appId: string,
  journeyId: string,
  now: Date,
): Promise<SegmentJourney | undefined> {
  const row = await takingIn(tx, appId, now)
    .where('id', '=', journeyId)
    .where('entry_event_type', 'is', null)
    .where('segment_id', 'is not', null)
    .executeTakeFirst();
  return row && withSegment(row);
}

/** The journeys that one of these types of events may start now. */
export async function journeysStartedBy(
  tx: Tx,
  appId: string,
  types: readonly string[],
  now: Date,
): Promise<LiveJourney[]> {
  return await takingIn(tx, appId, now)
    .where('entry_event_type', '=', sql<string>`any(${[...types]}::text[])`)
    .execute();
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
    .orderBy('id')
    .forShare();
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
