import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { segmentPredicate } from '../db/segmentSql.ts';
import { loadSegmentTree } from '../db/segments.ts';
import type { Deps } from '../deps.ts';
import { journeysThatListen, type SegmentJourney } from './liveJourneys.ts';
import { applyMembership } from './membership.ts';
import { type Seen, seenColumns } from './standing.ts';

/** How many written endpoints are taken in one transaction. */
const BATCH_SIZE = 1000;

/**
 * Takes one batch of endpoints that were written and asks the segments of live journeys about them and the other
 * endpoints of their users. All in one transaction: a crash loses nothing. Answers how many it took.
 */
export async function drainDirtyEndpoints(deps: Deps): Promise<number> {
  const now = await deps.clock.now();
  return await deps.db.transaction().execute(async (tx) => {
    const dirty = await takeDirty(tx);
    for (const [appId, ids] of groupByApp(dirty)) {
      const journeys = await journeysThatListen(tx, appId, now);
      const asked = journeys.length === 0 ? [] : await withOthersOfUsers(tx, appId, ids);
      for (const journey of journeys) await refreshMembers(tx, journey, asked, now);
    }
    return dirty.length;
  });
}

async function takeDirty(tx: Tx) {
  const taken = await sql<{ app_id: string; endpoint_id: string }>`
    delete from dirty_endpoint where seq = any(array(
      select seq from dirty_endpoint order by seq limit ${BATCH_SIZE} for update skip locked))
    returning app_id, endpoint_id`.execute(tx);
  return taken.rows;
}

function groupByApp(dirty: readonly { app_id: string; endpoint_id: string }[]): Map<string, string[]> {
  const byApp = Map.groupBy(dirty, (row) => row.app_id);
  return new Map(
    [...byApp].map(([appId, rows]) => [appId, [...new Set(rows.map((row) => row.endpoint_id))]]),
  );
}

/** Endpoints, and all others of their users: a participant stands or falls with the whole of them. */
async function withOthersOfUsers(tx: Tx, appId: string, ids: readonly string[]): Promise<string[]> {
  const written = sql`${[...ids]}::text[]`;
  const rows = await sql<{ id: string }>`
    select id from unnest(${written}) as written(id)
    union
    select other.id from endpoint join endpoint other on other.app_id = endpoint.app_id and other.user_id = endpoint.user_id
    where endpoint.app_id = ${appId} and endpoint.id = any(${written})`.execute(tx);
  return rows.rows.map((row) => row.id);
}

async function refreshMembers(
  tx: Tx,
  journey: SegmentJourney,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  const segment = await loadSegmentTree(
    tx,
    journey.app_id,
    journey.segment_id,
    journey.segment_version ?? undefined,
  );
  if (!segment) return;
  const seen = await tx
    .selectFrom('endpoint')
    .select(seenColumns)
    .select(segmentPredicate(segment.tree, { appId: journey.app_id, now }).as('matches'))
    .where('app_id', '=', journey.app_id)
    .where('id', '=', sql<string>`any(${[...ids]}::text[])`)
    .execute();
  const standing = seen.map((endpoint): Seen => ({ ...endpoint, matches: endpoint.matches === true }));
  await applyMembership(tx, { ...journey, segment_version: segment.version }, standing, 'news', now);
}
