import { GetSegmentVersionCommand, GetSegmentVersionsCommand } from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import { json } from '../../../src/db/database.ts';
import { from, plan, useSegments } from '../../support/segments.ts';

const now = new Date('2026-02-01T00:00:00Z');
const { api, appId, create, database, newApp, update } = useSegments();

describe('UpdateSegment', () => {
  beforeAll(newApp);

  it('200 makes a new version and keeps the old', async () => {
    const SegmentId = await create({ ...plan('a'), Name: 'first' });
    const updated = await update(SegmentId, plan('b'));
    expect(updated.SegmentResponse).toMatchObject({ Version: 2, Name: 'first', ...plan('b') });
    await update(SegmentId, { Name: 'third' });
    const versions = await api.client.send(
      new GetSegmentVersionsCommand({ ApplicationId: appId(), SegmentId }),
    );
    expect(
      versions.SegmentsResponse?.Item?.map(({ Version, Name, Dimensions }) => [Version, Name, Dimensions]),
    ).toEqual([
      [3, 'third', plan('b').Dimensions],
      [2, 'first', plan('b').Dimensions],
      [1, 'first', plan('a').Dimensions],
    ]);
    const one = await api.client.send(
      new GetSegmentVersionCommand({ ApplicationId: appId(), SegmentId, Version: '1' }),
    );
    expect(one.SegmentResponse).toMatchObject(plan('a'));
    const page = await api.client.send(
      new GetSegmentVersionsCommand({ ApplicationId: appId(), SegmentId, PageSize: '2' }),
    );
    const next = await api.client.send(
      new GetSegmentVersionsCommand({
        ApplicationId: appId(),
        SegmentId,
        PageSize: '2',
        Token: page.SegmentsResponse?.NextToken,
      }),
    );
    expect(
      [page, next].map(({ SegmentsResponse }) => SegmentsResponse?.Item?.map(({ Version }) => Version)),
    ).toEqual([[3, 2], [1]]);
  });

  it('400 for a segment that would be made of itself, at any depth', async () => {
    const a = await create(plan('a'));
    const b = await create({ SegmentGroups: from(a) });
    const c = await create({ SegmentGroups: from(b) });
    await expect(update(a, { SegmentGroups: from(a) })).rejects.toMatchObject({
      message: expect.stringContaining('made of itself'),
    });
    await expect(update(a, { SegmentGroups: from(c) })).rejects.toMatchObject({
      message: `SegmentGroups.Groups[0].SourceSegments[0]: segment "${a}" would be made of itself`,
    });
  });

  it('two edits at once that would close a circle: one is refused', async () => {
    const a = await create(plan('a'));
    const b = await create(plan('b'));
    const results = await Promise.allSettled([
      update(a, { SegmentGroups: from(b) }),
      update(b, { SegmentGroups: from(a) }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('asks the members of live journeys anew that follow the segment, directly or through another', async () => {
    const a = await create(plan('a'));
    const b = await create({ SegmentGroups: from(a) });
    const other = await create(plan('c'));
    const journey = (id: string, state: string, segment: string, version: number | null) => ({
      app_id: appId(),
      id,
      name: id,
      state,
      document: json({}),
      segment_id: segment,
      segment_version: version,
      starts_at: null,
      ends_at: null,
      published_at: now,
      cancelled_at: null,
      created_at: now,
      modified_at: now,
    });
    await database.db
      .insertInto('journey')
      .values([
        journey('direct', 'ACTIVE', a, null),
        journey('through', 'ACTIVE', b, null),
        journey('pinned', 'ACTIVE', a, 1),
        journey('paused', 'PAUSED', a, null),
        journey('other', 'ACTIVE', other, null),
      ])
      .execute();
    await update(a, plan('z'));
    const rows = await database.db
      .selectFrom('outbox')
      .select(['kind', 'workflow_id', 'payload'])
      .orderBy('workflow_id')
      .execute();
    expect(rows).toEqual([
      { kind: 'signal', workflow_id: 'journey-life/direct', payload: { signal: 'journeyChanged' } },
      { kind: 'signal', workflow_id: 'journey-life/through', payload: { signal: 'journeyChanged' } },
    ]);
  });

  it('404 for an unknown segment', async () => {
    await expect(update('missing', plan('a'))).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
