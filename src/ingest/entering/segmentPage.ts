import { sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import { lastOfNextEndpoints, nextEndpoints } from '../../db/segments/scan.ts';
import { segmentPredicate } from '../../db/segments/segmentSql.ts';
import { type Participant, participantOf } from '../../domain/participant.ts';
import type { SegmentTree } from '../../domain/segment/tree.ts';
import { type Seen, seenColumns } from './standing.ts';

/** How many members are taken in one transaction. */
const PAGE_SIZE = 200;

/** A segment as it is asked, and when. */
export interface SegmentQuery {
  readonly appId: string;
  readonly tree: SegmentTree;
  readonly now: Date;
  /** Only endpoints that were there by then. */
  readonly createdBy?: Date | undefined;
}

export interface PageQuery extends SegmentQuery {
  readonly after: string;
  /** Those too who are noted as matching this journey: they may have ceased to. */
  readonly notedFor?: string | undefined;
}

export interface SegmentPage {
  readonly participants: readonly Participant[];
  /** The last endpoint id that was looked at, member or not: where the next page begins. Null: there are no more. */
  readonly end: string | null;
}

/** Whose endpoints come next in a segment, in the order of these, each participant once: with the first that matches. */
export async function readSegmentPage(tx: Tx, query: PageQuery): Promise<SegmentPage> {
  const { appId, after, notedFor } = query;
  const noted = notedFor === undefined ? sql<boolean>`false` : isNoted(appId, notedFor);
  const members = await tx
    .selectFrom(nextEndpoints(tx, appId, after))
    .select(['id', 'user_id as userId'])
    .where(sql<boolean>`(${matches(query)} or ${noted})`)
    .orderBy('id')
    .limit(PAGE_SIZE)
    .execute();
  const last = members.length === PAGE_SIZE ? members.at(-1)?.id : undefined;
  const end = last ?? (await lastOfNextEndpoints(tx, appId, after));
  const earlier = await takenBefore(tx, query, members);
  const coming = members.filter(({ userId }) => userId === null || !earlier.has(userId));
  return { participants: [...new Set(coming.map(participantOf))], end };
}

/** Participants with all their endpoints as they are now; who has none is left out. */
export async function readSeen(
  tx: Tx,
  query: SegmentQuery,
  participants: readonly Participant[],
): Promise<Seen[]> {
  const idsOf = (prefix: string) =>
    participants.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
  const endpoints = () =>
    tx
      .selectFrom('endpoint')
      .select(seenColumns)
      .select(matches(query).as('matches'))
      .where('app_id', '=', query.appId);
  const rows = await endpoints()
    .where('user_id', '=', sql<string>`any(${idsOf('u:')}::text[])`)
    .unionAll(
      endpoints()
        .where('user_id', 'is', null)
        .where('id', '=', sql<string>`any(${idsOf('e:')}::text[])`),
    )
    .execute();
  return rows.map((row) => ({ ...row, matches: row.matches === true }));
}

function matches({ appId, tree, now, createdBy }: SegmentQuery) {
  const predicate = segmentPredicate(tree, { appId, now });
  return createdBy === undefined
    ? predicate
    : sql<boolean>`(${predicate} and endpoint.created_at <= ${createdBy})`;
}

/** A look-up for each endpoint, where an `exists` among alternatives might read all members for each page. */
function isNoted(appId: string, journeyId: string) {
  return sql<boolean>`coalesce((select member.matching from journey_member as member
    where member.app_id = ${appId} and member.journey_id = ${journeyId}
      and member.participant = coalesce('u:' || endpoint.user_id, 'e:' || endpoint.id)), false)`;
}

/** The users whom a page before this had, with another endpoint that matches. */
async function takenBefore(
  tx: Tx,
  query: PageQuery,
  members: readonly { readonly userId: string | null }[],
): Promise<Set<string | null>> {
  const users = [...new Set(members.flatMap(({ userId }) => userId ?? []))];
  if (users.length === 0 || query.after === '') return new Set();
  const rows = await tx
    .selectFrom('endpoint')
    .select('user_id')
    .where('app_id', '=', query.appId)
    .where('user_id', '=', sql<string>`any(${users}::text[])`)
    .where('id', '<=', query.after)
    .where(matches(query))
    .execute();
  return new Set(rows.map((row) => row.user_id));
}
