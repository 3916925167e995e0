import { sql } from 'kysely';
import type { SegmentTree } from '../../domain/segment/tree.ts';
import type { Queryable } from '../database.ts';
import { type SendTarget, userAttributes } from '../people/sendTargets.ts';
import { lastOfNextEndpoints, nextEndpoints } from '../segments/scan.ts';
import { segmentPredicate } from '../segments/segmentSql.ts';

/** An endpoint of the segment that can be written to. */
export type Member = SendTarget & {
  readonly channel_type: string;
  readonly address: string;
};

export interface MemberQuery {
  readonly appId: string;
  readonly tree: SegmentTree;
  /** The instant (logical) that relative dates of the segment count from: the same for a whole run. */
  readonly asOf: Date;
  readonly channelTypes: readonly string[];
  /** The endpoint id after which to read on; empty at the beginning. */
  readonly after: string;
  readonly limit: number;
}

export interface MemberPage {
  readonly members: readonly Member[];
  /** The last endpoint id that was looked at, member or not; null: there are no more. */
  readonly end: string | null;
}

/** The next members of a segment that have an address on one of the channel types, in the order of their ids. */
export async function readMembers(db: Queryable, query: MemberQuery): Promise<MemberPage> {
  const rows = await db
    .selectFrom(nextEndpoints(db, query.appId, query.after))
    .selectAll('endpoint')
    .select(userAttributes.as('user_attributes'))
    .where('endpoint.channel_type', '=', sql<string>`any(${[...query.channelTypes]}::text[])`)
    .where('endpoint.address', '<>', '')
    .where(segmentPredicate(query.tree, { appId: query.appId, now: query.asOf }))
    .orderBy('endpoint.id')
    .limit(query.limit)
    .execute();
  const members = rows.filter(
    (row): row is typeof row & Member => row.channel_type !== null && row.address !== null,
  );
  const end =
    rows.length === query.limit
      ? (rows.at(-1)?.id ?? null)
      : await lastOfNextEndpoints(db, query.appId, query.after);
  return { members, end };
}
