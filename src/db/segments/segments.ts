import type { Problem } from '../../domain/errors.ts';
import type { SegmentDocument } from '../../domain/segment/document.ts';
import {
  nobody,
  type SegmentDraft,
  type SegmentReference,
  type SegmentTree,
  segmentDraft,
} from '../../domain/segment/tree.ts';
import type { Queryable } from '../database.ts';
import { lastOfNextEndpoints, nextEndpoints } from './scan.ts';
import { segmentPredicate } from './segmentSql.ts';
import { findSegment } from './segmentVersions.ts';

/** Segments that one segment may be made of, those inside others counted each time they are named. */
const MOST_SOURCES = 200;

/** A segment that can be asked. */
export interface LoadedSegment {
  readonly tree: SegmentTree;
  readonly version: number;
  /** Why it matches nobody, where a segment that it is made of is gone; null when all is well. */
  readonly fault: string | null;
}

/**
 * A segment with those it is made of put in their places.
 * One whose source was deleted matches nobody: an exclusion that is gone must not let everyone in.
 * @param version null: the latest
 * @returns null when there is no such segment or version
 */
export async function loadSegmentTree(
  db: Queryable,
  appId: string,
  segmentId: string,
  version: number | null = null,
): Promise<LoadedSegment | null> {
  const row = await findSegment(db, appId, segmentId, version);
  if (row === undefined) return null;
  const resolved = await inline(segmentDraft(row.document), walkFrom(db, appId, segmentId));
  if ('fault' in resolved) return { tree: nobody, version: row.version, fault: resolved.fault };
  return { tree: resolved.tree, version: row.version, fault: null };
}

/**
 * What is wrong with the segments a document is made of: one that does not exist, one that is made of this very
 * segment, or too many in all.
 * @param segmentId null for a segment that is about to be created
 */
export async function sourceProblems(
  db: Queryable,
  appId: string,
  segmentId: string | null,
  document: SegmentDocument,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const walk = walkFrom(db, appId, segmentId);
  for (const [g, group] of (document.SegmentGroups?.Groups ?? []).entries()) {
    for (const [s, source] of (group.SourceSegments ?? []).entries()) {
      const reference = { kind: 'segment', id: source.Id, version: source.Version ?? null } as const;
      const resolved = await inline(reference, walk);
      const path = `SegmentGroups.Groups[${g}].SourceSegments[${s}]`;
      if ('fault' in resolved) problems.push({ path, message: resolved.fault });
    }
  }
  return problems;
}

/** How many endpoints match a segment. */
export interface Matching {
  readonly count: number;
  /** False: there may be more, for only the app's first endpoints were looked at. */
  readonly isAll: boolean;
}

/** How many of the app's first 10,000 endpoints match now: an answer at once, however large the app is. */
export async function countMatching(
  db: Queryable,
  appId: string,
  tree: SegmentTree,
  now: Date,
): Promise<Matching> {
  const row = await db
    .selectFrom(nextEndpoints(db, appId, ''))
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where(segmentPredicate(tree, { appId, now }))
    .executeTakeFirstOrThrow();
  return { count: Number(row.count), isAll: (await lastOfNextEndpoints(db, appId, '')) === null };
}

interface Walk {
  readonly db: Queryable;
  readonly appId: string;
  /** The segments that are being resolved, outermost first. */
  readonly inside: readonly string[];
  readonly budget: { left: number };
}

type Resolved = { readonly tree: SegmentTree } | { readonly fault: string };

function walkFrom(db: Queryable, appId: string, segmentId: string | null): Walk {
  return { db, appId, inside: segmentId === null ? [] : [segmentId], budget: { left: MOST_SOURCES } };
}

async function inline(draft: SegmentDraft, walk: Walk): Promise<Resolved> {
  if (draft.kind === 'segment') return await follow(draft, walk);
  if (!('of' in draft)) return { tree: draft };
  const parts: SegmentTree[] = [];
  for (const part of draft.of) {
    const resolved = await inline(part, walk);
    if ('fault' in resolved) return resolved;
    parts.push(resolved.tree);
  }
  return { tree: Object.freeze({ kind: draft.kind, of: Object.freeze(parts) }) };
}

async function follow({ id, version }: SegmentReference, walk: Walk): Promise<Resolved> {
  if (walk.inside.includes(id)) return { fault: `segment "${id}" would be made of itself` };
  walk.budget.left -= 1;
  if (walk.budget.left < 0) return { fault: `is made of more than ${MOST_SOURCES} segments in all` };
  const row = await findSegment(walk.db, walk.appId, id, version);
  if (row === undefined) {
    return { fault: `there is no segment "${id}"${version === null ? '' : ` with version ${version}`}` };
  }
  return await inline(segmentDraft(row.document), { ...walk, inside: [...walk.inside, id] });
}
