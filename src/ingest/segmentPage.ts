import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { lastOfNextEndpoints, nextEndpoints } from '../db/scan.ts';
import { segmentPredicate } from '../db/segmentSql.ts';
import type { SegmentTree } from '../domain/segment/tree.ts';
import { type Seen, seenColumns } from './standing.ts';

/** How many members are taken in one transaction. */
const PAGE_SIZE = 200;

export interface SegmentPage {
  /** Members and all other endpoints of their users. */
  readonly seen: readonly Seen[];
  /** The last endpoint id that was looked at, member or not: where the next page begins. Null: there are no more. */
  readonly end: string | null;
}

export interface PageQuery {
  readonly appId: string;
  readonly tree: SegmentTree;
  readonly after: string;
  readonly now: Date;
  /** Only endpoints that were there by then. */
  readonly createdBy?: Date | undefined;
}

/**
 * The next members of a segment, by endpoint id, each participant once: with the first of their endpoints that matches
 * come all the others, and with these nobody again.
 */
export async function readSegmentPage(tx: Tx, query: PageQuery): Promise<SegmentPage> {
  const { appId, after } = query;
  const members = await tx
    .selectFrom(nextEndpoints(tx, appId, after))
    .select(seenColumns)
    .where(matches(query))
    .orderBy('id')
    .limit(PAGE_SIZE)
    .execute();
  const last = members.length === PAGE_SIZE ? members.at(-1)?.id : undefined;
  const end = last ?? (await lastOfNextEndpoints(tx, appId, after));
  const others = await othersOfUsers(tx, query, members);
  const earlier = new Set(
    others.filter((other) => other.isEarlier && other.matches).map(({ user_id }) => user_id),
  );
  const seen = [...members.map((member): Seen => ({ ...member, matches: true })), ...others];
  return { seen: seen.filter(({ user_id }) => user_id === null || !earlier.has(user_id)), end };
}

function matches({ appId, tree, now, createdBy }: PageQuery) {
  const predicate = segmentPredicate(tree, { appId, now });
  return createdBy === undefined
    ? predicate
    : sql<boolean>`(${predicate} and endpoint.created_at <= ${createdBy})`;
}

/** The users' endpoints that are not among these; whether each matches, and whether a page before this had it. */
async function othersOfUsers(
  tx: Tx,
  query: PageQuery,
  members: readonly Pick<Seen, 'id' | 'user_id'>[],
): Promise<(Seen & { readonly isEarlier: boolean })[]> {
  const users = [...new Set(members.flatMap(({ user_id }) => user_id ?? []))];
  if (users.length === 0) return [];
  const rows = await tx
    .selectFrom('endpoint')
    .select(seenColumns)
    .select(matches(query).as('matches'))
    .select(sql<boolean>`endpoint.id <= ${query.after}`.as('isEarlier'))
    .where('app_id', '=', query.appId)
    .where('user_id', '=', sql<string>`any(${users}::text[])`)
    .where('id', '<>', sql<string>`all(${members.map(({ id }) => id)}::text[])`)
    .execute();
  return rows.map((row) => ({ ...row, matches: row.matches === true }));
}
