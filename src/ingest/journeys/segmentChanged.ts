import { sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import { holdJourneys } from '../../db/journeys/journeyLocks.ts';
import { wantPass } from '../../db/journeys/journeys.ts';
import { tellLife } from '../../db/journeys/lastToLeave.ts';

/**
 * Has the members of live journeys asked anew after a segment got a new version, in that version's transaction: of the
 * journeys on this segment, or on one that is made of it, that do not keep to a version of their own. One that is paused
 * asks when it goes on.
 */
export async function segmentChanged(tx: Tx, appId: string, segmentId: string, now: Date): Promise<void> {
  const segments = await segmentsMadeOf(tx, appId, segmentId);
  const following = () =>
    tx
      .selectFrom('journey')
      .select(['id', 'state'])
      .where('app_id', '=', appId)
      .where('state', 'in', ['ACTIVE', 'PAUSED'])
      .where('entry_event_type', 'is', null)
      .where('segment_version', 'is', null)
      .where('segment_id', 'in', segments)
      .execute();
  const found = await following();
  await holdJourneys(
    tx,
    appId,
    found.map(({ id }) => id),
  );
  for (const { id: journeyId, state } of await following()) {
    await wantPass(tx, { appId, journeyId });
    if (state === 'ACTIVE') await tellLife(tx, { appId, journeyId }, now);
  }
}

/** The segments whose latest version is made of a segment, itself first, whatever lies between. */
export async function segmentsMadeOf(tx: Tx, appId: string, segmentId: string): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    with recursive made(id) as (
      select ${segmentId}::text
      union
      select segment.id from made
        join segment on segment.app_id = ${appId}
        join segment_version as latest on latest.app_id = segment.app_id and latest.segment_id = segment.id
          and latest.version = segment.version
      where latest.document @> jsonb_build_object('SegmentGroups', jsonb_build_object('Groups',
        jsonb_build_array(jsonb_build_object('SourceSegments', jsonb_build_array(jsonb_build_object('Id', made.id)))))))
    select id from made`.execute(tx);
  return rows.rows.map((row) => row.id);
}
