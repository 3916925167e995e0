import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { lastOfNextEndpoints, nextEndpoints } from '../db/scan.ts';
import { segmentPredicate } from '../db/segmentSql.ts';
import { loadSegmentTree } from '../db/segments.ts';
import type { Deps } from '../deps.ts';
import type { LiveJourney } from './enterJourney.ts';
import { applyMembership, type Seen } from './membership.ts';

/** How many written endpoints, and how many members, are taken in one transaction. */
const PAGE_SIZE = 1000;

interface SegmentJourney extends LiveJourney {
  readonly segment_id: string;
  readonly segment_version: number | null;
}

/**
 * Takes one batch of endpoints that were written and asks the segments of live journeys about them and the other
 * endpoints of their users. All in one transaction: a crash loses nothing. Answers how many it took.
 */
export async function drainDirtyEndpoints(deps: Deps): Promise<number> {
  const now = await deps.clock.now();
  return await deps.db.transaction().execute(async (tx) => {
    const dirty = await takeDirty(tx);
    for (const [appId, ids] of groupByApp(dirty)) {
      const journeys = await liveJourneys(tx, appId, now);
      const asked = journeys.length === 0 ? [] : await withOthersOfUsers(tx, appId, ids);
      for (const journey of journeys) await refreshMembers(tx, journey, asked, now);
    }
    return dirty.length;
  });
}

async function takeDirty(tx: Tx) {
  const taken = await sql<{ app_id: string; endpoint_id: string }>`
    delete from dirty_endpoint where seq = any(array(
      select seq from dirty_endpoint order by seq limit ${PAGE_SIZE} for update skip locked))
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

/** The journeys of an app that take members of a segment in now, read FOR SHARE: a cancel that has returned is seen. */
async function liveJourneys(tx: Tx, appId: string, now: Date, journeyId?: string): Promise<SegmentJourney[]> {
  const rows = await tx
    .selectFrom('journey')
    .select(['app_id', 'id', 'document', 'time_scale', 'split_evaluation', 'segment_id', 'segment_version'])
    .where('app_id', '=', appId)
    .where('state', '=', 'ACTIVE')
    .where('segment_id', 'is not', null)
    .where((eb) => eb.or([eb('starts_at', 'is', null), eb('starts_at', '<=', now)]))
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', now)]))
    .$if(journeyId !== undefined, (query) => query.where('id', '=', journeyId ?? ''))
    .orderBy('id')
    .forShare()
    .execute();
  return rows.map((row) => ({
    ...row,
    segment_id: row.segment_id ?? '',
    document: row.document,
  }));
}

const seenColumns = ['id', 'user_id', 'status', 'opt_out', 'address', 'channel_type'] as const;

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
  await applyMembership(tx, journey, standing, now);
}

export interface EnteredPage {
  /** The last endpoint id that was looked at, member or not: where the next page begins. */
  readonly cursor: string;
  readonly done: boolean;
  readonly entered: number;
}

/**
 * Enters one page of a journey's segment, by endpoint id. A repeat enters nobody twice. Done when the segment is
 * exhausted, or the journey takes nobody in any more.
 */
export async function enterJourneyPage(
  deps: Deps,
  appId: string,
  journeyId: string,
  cursor: string,
): Promise<EnteredPage> {
  const now = await deps.clock.now();
  return await deps.db.transaction().execute(async (tx) => {
    const over = { cursor, done: true, entered: 0 };
    const [journey] = await liveJourneys(tx, appId, now, journeyId);
    if (!journey) return over;
    const segment = await loadSegmentTree(
      tx,
      appId,
      journey.segment_id,
      journey.segment_version ?? undefined,
    );
    if (!segment) return over;
    const members = await tx
      .selectFrom(nextEndpoints(tx, appId, cursor))
      .select(seenColumns)
      .where(segmentPredicate(segment.tree, { appId, now }))
      .orderBy('id')
      .limit(PAGE_SIZE)
      .execute();
    const last =
      members.length === PAGE_SIZE
        ? (members.at(-1)?.id ?? null)
        : await lastOfNextEndpoints(tx, appId, cursor);
    const seen = members.map((member): Seen => ({ ...member, matches: true }));
    const entered = await applyMembership(tx, journey, seen, now);
    return { cursor: last ?? cursor, done: last === null, entered };
  });
}
