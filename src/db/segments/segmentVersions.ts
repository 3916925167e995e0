import type { Selectable } from 'kysely';
import type { PageRequest } from '../../domain/page.ts';
import type { SegmentDocument } from '../../domain/segment/document.ts';
import { json, type Queryable, type Tx } from '../database.ts';
import { newestFirst } from '../page.ts';
import type { SegmentTable, SegmentVersionTable } from '../tables/segments.ts';

/** A segment in one of its versions. `versionCreatedAt` is when that version was written. */
export interface SegmentRow {
  readonly id: string;
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly version: number;
  readonly versionCreatedAt: Date;
  readonly name: string | null;
  readonly document: SegmentDocument;
}

/** What a new segment is made of. */
export interface NewSegment {
  readonly id: string;
  readonly name: string | null;
  readonly document: SegmentDocument;
  readonly tags: Readonly<Record<string, string>>;
}

/** Writes a segment's first version. Where there is a segment with this id already, that one is answered and nothing changes. */
export async function insertSegment(
  tx: Tx,
  appId: string,
  segment: NewSegment,
  now: Date,
): Promise<SegmentRow> {
  const { id, name, document, tags } = segment;
  const inserted = await tx
    .insertInto('segment')
    .values({
      app_id: appId,
      id,
      type: 'DIMENSIONAL',
      version: 1,
      tags: json(tags),
      created_at: now,
      modified_at: now,
    })
    .onConflict((conflict) => conflict.columns(['app_id', 'id']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) return segmentRow(await latest(tx, appId, id).executeTakeFirstOrThrow());
  await insertVersion(tx, { appId, id, version: 1, name, document }, now);
  return { id, type: 'DIMENSIONAL', tags, createdAt: now, version: 1, versionCreatedAt: now, name, document };
}

/** Writes a segment's next version; the segment was locked before. Versions are kept. */
export async function insertSegmentVersion(
  tx: Tx,
  appId: string,
  before: SegmentRow,
  changed: { readonly name: string | null; readonly document: SegmentDocument },
  now: Date,
): Promise<SegmentRow> {
  const version = before.version + 1;
  await insertVersion(tx, { appId, id: before.id, version, ...changed }, now);
  await tx
    .updateTable('segment')
    .set({ version, modified_at: now })
    .where('app_id', '=', appId)
    .where('id', '=', before.id)
    .execute();
  return { ...before, ...changed, version, versionCreatedAt: now };
}

async function insertVersion(
  tx: Tx,
  row: { appId: string; id: string; version: number; name: string | null; document: SegmentDocument },
  now: Date,
): Promise<void> {
  await tx
    .insertInto('segment_version')
    .values({
      app_id: row.appId,
      segment_id: row.id,
      version: row.version,
      name: row.name,
      document: json(row.document),
      created_at: now,
    })
    .execute();
}

/** A segment in a version, or in its latest; `undefined` where there is none. */
export async function findSegment(
  db: Queryable,
  appId: string,
  segmentId: string,
  version: number | null = null,
): Promise<SegmentRow | undefined> {
  const query =
    version === null
      ? latest(db, appId, segmentId)
      : versions(db, appId)
          .where('segment.id', '=', segmentId)
          .where('segment_version.version', '=', version);
  const row = await query.executeTakeFirst();
  return row && segmentRow(row);
}

/** Locks a segment against another edit or its deletion, and reads its latest version. */
export async function lockSegment(tx: Tx, appId: string, segmentId: string): Promise<SegmentRow | undefined> {
  await tx
    .selectFrom('segment')
    .select('id')
    .where('app_id', '=', appId)
    .where('id', '=', segmentId)
    .forUpdate()
    .execute();
  return await findSegment(tx, appId, segmentId);
}

/**
 * Lets one writer at a time name or remove segments that others are made of: two edits at once could else close a
 * circle that neither sees.
 */
export async function lockSources(tx: Tx, appId: string): Promise<void> {
  await tx.selectFrom('app').select('id').where('id', '=', appId).forNoKeyUpdate().execute();
}

/** The app's segments in their latest versions, newest first; one row more than the page holds, where there is one. */
export async function listSegments(db: Queryable, appId: string, page: PageRequest): Promise<SegmentRow[]> {
  const rows = await versions(db, appId)
    .whereRef('segment_version.version', '=', 'segment.version')
    .$call(newestFirst(page, 'segment.created_at', 'segment.id'))
    .execute();
  return rows.map(segmentRow);
}

/** A segment's versions, newest first, keyed by when each was written and its number. */
export async function listSegmentVersions(
  db: Queryable,
  appId: string,
  segmentId: string,
  page: PageRequest,
): Promise<SegmentRow[]> {
  const rows = await versions(db, appId)
    .where('segment.id', '=', segmentId)
    .$call(newestFirst(page, 'segment_version.created_at', 'segment_version.version'))
    .execute();
  return rows.map(segmentRow);
}

/** Deletes a segment with its versions. */
export async function deleteSegment(tx: Tx, appId: string, segmentId: string): Promise<void> {
  await tx.deleteFrom('segment').where('app_id', '=', appId).where('id', '=', segmentId).execute();
}

function latest(db: Queryable, appId: string, segmentId: string) {
  return versions(db, appId)
    .where('segment.id', '=', segmentId)
    .whereRef('segment_version.version', '=', 'segment.version');
}

function versions(db: Queryable, appId: string) {
  return db
    .selectFrom('segment')
    .innerJoin('segment_version', (join) =>
      join
        .onRef('segment_version.app_id', '=', 'segment.app_id')
        .onRef('segment_version.segment_id', '=', 'segment.id'),
    )
    .where('segment.app_id', '=', appId)
    .select(['segment.id', 'segment.type', 'segment.tags', 'segment.created_at'])
    .select(['segment_version.version', 'segment_version.name', 'segment_version.document'])
    .select('segment_version.created_at as version_created_at');
}

type Row = Pick<Selectable<SegmentTable>, 'id' | 'type' | 'tags' | 'created_at'> &
  Pick<Selectable<SegmentVersionTable>, 'version' | 'name' | 'document'> & { version_created_at: Date };

function segmentRow(row: Row): SegmentRow {
  const { id, type, tags, version, name, document } = row;
  return {
    id,
    type,
    tags,
    version,
    name,
    document,
    createdAt: row.created_at,
    versionCreatedAt: row.version_created_at,
  };
}
