import { sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import { tryParticipants } from '../../db/people/participantLocks.ts';
import { loadSegmentTree } from '../../db/segments/segments.ts';
import type { Deps } from '../../deps.ts';
import type { Participant } from '../../domain/participant.ts';
import { participantsAt } from '../endpoints/participants.ts';
import { journeysThatListen, type SegmentJourney } from './liveJourneys.ts';
import { applyMembership } from './membership.ts';
import { readSeen } from './segmentPage.ts';

/** How many writes are taken in one transaction: few enough that several workers seldom come upon the same people. */
const BATCH_SIZE = 250;

/** A write of an endpoint that no segment was asked about yet. */
interface Dirty {
  readonly seq: string;
  readonly app_id: string;
  readonly endpoint_id: string;
}

/**
 * Takes one batch of endpoints that were written and asks the segments of live journeys about them and the other
 * endpoints of their users. All in one transaction: a crash loses nothing. What was written while another worker judges
 * the same people is left until that worker is through. Answers how many it took.
 */
export async function drainDirtyEndpoints(deps: Deps): Promise<number> {
  const now = await deps.clock.now();
  return await deps.db.transaction().execute(async (tx) => {
    const dirty = await lockDirty(tx);
    let taken = 0;
    for (const [appId, rows] of Map.groupBy(dirty, (row) => row.app_id)) {
      const done = await judge(tx, appId, rows, now);
      await sql`delete from dirty_endpoint where seq = any(${done.map((row) => row.seq)}::bigint[])`.execute(
        tx,
      );
      taken += done.length;
    }
    return taken;
  });
}

async function lockDirty(tx: Tx): Promise<Dirty[]> {
  const locked = await sql<Dirty>`select seq, app_id, endpoint_id from dirty_endpoint
    order by seq limit ${BATCH_SIZE} for update skip locked`.execute(tx);
  return locked.rows;
}

/** @returns the writes that are dealt with */
async function judge(tx: Tx, appId: string, dirty: readonly Dirty[], now: Date): Promise<readonly Dirty[]> {
  const journeys = await journeysThatListen(tx, appId, now);
  if (journeys.length === 0) return dirty;
  const written = await participantsAt(
    tx,
    appId,
    dirty.map((row) => row.endpoint_id),
  );
  const judged = await tryParticipants(tx, appId, [...new Set(written.values())]);
  if (judged.size > 0) for (const journey of journeys) await refreshMembers(tx, journey, [...judged], now);
  return dirty.filter((row) => {
    const participant = written.get(row.endpoint_id);
    return participant === undefined || judged.has(participant);
  });
}

async function refreshMembers(
  tx: Tx,
  journey: SegmentJourney,
  participants: readonly Participant[],
  now: Date,
): Promise<void> {
  const { app_id: appId, segment_id: segmentId, segment_version: version } = journey;
  const segment = await loadSegmentTree(tx, appId, segmentId, version);
  if (!segment) return;
  const seen = await readSeen(tx, { appId, tree: segment.tree, now }, participants);
  await applyMembership(tx, { ...journey, segment_version: segment.version }, seen, 'news', now);
}
