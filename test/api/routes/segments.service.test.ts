import {
  CreateAppCommand,
  CreateSegmentCommand,
  DeleteSegmentCommand,
  GetSegmentCommand,
  GetSegmentsCommand,
  GetSegmentVersionCommand,
  GetSegmentVersionsCommand,
  type SegmentGroupList,
  UpdateEndpointCommand,
  UpdateSegmentCommand,
  type WriteSegmentRequest,
} from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import iphone from '../../../examples/tutorial/03-update-endpoint-iphone.json' with { type: 'json' };
import tutorial from '../../../examples/tutorial/04-create-segment.json' with { type: 'json' };
import { json } from '../../../src/db/database.ts';
import { countMatching, loadSegmentTree } from '../../../src/db/segments.ts';
import { nobody } from '../../../src/domain/segment/tree.ts';
import { startTestApi, type TestApi, testClient } from '../../support/api.ts';
import { aws, awsCliIsThere } from '../../support/awsCli.ts';
import { cloneDatabase, type TestDatabase } from '../../support/database.ts';
import { markAsSameCall } from '../../support/sameCall.ts';

const request = tutorial as WriteSegmentRequest;
const now = new Date('2026-02-01T00:00:00Z');
let database: TestDatabase;
let api: TestApi;
let ApplicationId = '';
beforeAll(async () => {
  database = await cloneDatabase();
  api = await startTestApi(database);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

async function newApp(): Promise<void> {
  const created = await api.client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'A' } }));
  ApplicationId = created.ApplicationResponse?.Id ?? '';
}
async function create(WriteSegmentRequest: WriteSegmentRequest): Promise<string> {
  const created = await api.client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest }));
  return created.SegmentResponse?.Id ?? '';
}
const update = (SegmentId: string, WriteSegmentRequest: WriteSegmentRequest) =>
  api.client.send(new UpdateSegmentCommand({ ApplicationId, SegmentId, WriteSegmentRequest }));
const from = (...ids: string[]): SegmentGroupList => ({
  Include: 'ALL',
  Groups: [{ SourceSegments: ids.map((Id) => ({ Id })), SourceType: 'NONE', Type: 'ALL' }],
});
async function members(id: string): Promise<number> {
  const loaded = await loadSegmentTree(database.db, ApplicationId, id);
  return loaded === null ? -1 : (await countMatching(database.db, ApplicationId, loaded.tree, now)).count;
}
const plan = (value: string): WriteSegmentRequest => ({
  Dimensions: { UserAttributes: { Plan: { Values: [value] } } },
});

describe('CreateSegment', () => {
  beforeAll(newApp);

  it("201 answers the tutorial's segment with the form it was given, ARN and version", async () => {
    const created = await api.client.send(
      new CreateSegmentCommand({
        ApplicationId,
        WriteSegmentRequest: { ...request, tags: { Team: 'growth' } },
      }),
    );
    expect(created.$metadata.httpStatusCode).toBe(201);
    const segment = created.SegmentResponse;
    expect(segment).toEqual({
      ApplicationId,
      Arn: `arn:aws:mobiletargeting:us-east-1:000000000000:apps/${ApplicationId}/segments/${segment?.Id}`,
      CreationDate: expect.stringMatching(/Z$/),
      LastModifiedDate: segment?.CreationDate,
      Id: expect.stringMatching(/^[0-9a-f]{32}$/),
      Name: 'New Premium Users',
      SegmentGroups: request.SegmentGroups,
      SegmentType: 'DIMENSIONAL',
      tags: { Team: 'growth' },
      Version: 1,
    });
    const read = await api.client.send(new GetSegmentCommand({ ApplicationId, SegmentId: segment?.Id }));
    expect(read.SegmentResponse).toEqual(segment);
  });

  it('201 answers a retry of the same call with the same segment', async () => {
    const client = testClient(api.url);
    markAsSameCall(client, 'one-call');
    const WriteSegmentRequest = { Name: 'Retried', ...plan('premium') };
    const send = () => client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest }));
    const [first, beside] = await Promise.all([send(), send()]);
    const again = await send();
    client.destroy();
    for (const { SegmentResponse } of [beside, again]) {
      expect(SegmentResponse).toEqual(first.SegmentResponse);
    }
    const { SegmentsResponse } = await api.client.send(new GetSegmentsCommand({ ApplicationId }));
    expect(SegmentsResponse?.Item?.filter(({ Name }) => Name === 'Retried')).toHaveLength(1);
  });

  it("whose members are the endpoints that match now, the tutorial's and those signed up since a date or a while", async () => {
    await api.client.send(
      new UpdateEndpointCommand({
        ApplicationId,
        EndpointId: 'user123-iphone',
        EndpointRequest: iphone as object,
      }),
    );
    const since = (...Values: string[]): WriteSegmentRequest => ({
      Dimensions: { UserAttributes: { SignupDate: { AttributeType: 'AFTER', Values } } },
    });
    expect(await members(await create(request))).toBe(1);
    expect(await members(await create(since('-P30D')))).toBe(1);
    expect(await members(await create(since('-P10D')))).toBe(0);
    expect(await members(await create(since('2026-01-14')))).toBe(1);
    expect(await members(await create(since('2026-01-15')))).toBe(0);
    expect(
      await members(await create({ Dimensions: { Demographic: { Model: { Values: ['iPhone 15'] } } } })),
    ).toBe(1);
    expect(await members(await create({ Name: 'everyone' }))).toBe(1);
  });

  it('400 names every problem with its path', async () => {
    const wrong = {
      Dimensions: { Attributes: { A: { Values: [] } } },
      SegmentGroups: {
        Groups: [{ Dimensions: [{ Metrics: { M: { ComparisonOperator: 'ABOUT', Value: 1 } } }] }],
      },
    };
    await expect(create(wrong as WriteSegmentRequest)).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringMatching(
        /Dimensions\.Attributes\.A\.Values: .*SegmentGroups\.Groups\[0\]\.Dimensions\[0\]\.Metrics\.M\.ComparisonOperator: .*SegmentGroups: .*not both/s,
      ),
    });
  });

  it('400 for a source that does not exist', async () => {
    await expect(create({ SegmentGroups: from('missing') })).rejects.toMatchObject({
      message: 'SegmentGroups.Groups[0].SourceSegments[0]: there is no segment "missing"',
    });
  });

  it.skipIf(!awsCliIsThere)('works with the AWS CLI as the tutorial calls it', async () => {
    const created = await aws(api.url, [
      'pinpoint',
      'create-segment',
      '--application-id',
      ApplicationId,
      '--write-segment-request',
      JSON.stringify(request),
    ]);
    const about = ['--application-id', ApplicationId, '--segment-id', created.SegmentResponse.Id];
    expect(await aws(api.url, ['pinpoint', 'get-segment', ...about])).toEqual(created);
    const updated = await aws(api.url, [
      'pinpoint',
      'update-segment',
      ...about,
      '--write-segment-request',
      '{"Name":"Renamed"}',
    ]);
    expect(updated.SegmentResponse).toMatchObject({
      Name: 'Renamed',
      Version: 2,
      SegmentGroups: request.SegmentGroups,
    });
    const listed = await aws(api.url, ['pinpoint', 'get-segments', '--application-id', ApplicationId]);
    expect(listed.SegmentsResponse.Item).toContainEqual(updated.SegmentResponse);
    expect(await aws(api.url, ['pinpoint', 'delete-segment', ...about])).toEqual(updated);
  });
});

describe('UpdateSegment', () => {
  beforeAll(newApp);

  it('200 makes a new version and keeps the old', async () => {
    const SegmentId = await create({ ...plan('a'), Name: 'first' });
    const updated = await update(SegmentId, plan('b'));
    expect(updated.SegmentResponse).toMatchObject({ Version: 2, Name: 'first', ...plan('b') });
    await update(SegmentId, { Name: 'third' });
    const versions = await api.client.send(new GetSegmentVersionsCommand({ ApplicationId, SegmentId }));
    expect(
      versions.SegmentsResponse?.Item?.map(({ Version, Name, Dimensions }) => [Version, Name, Dimensions]),
    ).toEqual([
      [3, 'third', plan('b').Dimensions],
      [2, 'first', plan('b').Dimensions],
      [1, 'first', plan('a').Dimensions],
    ]);
    const one = await api.client.send(
      new GetSegmentVersionCommand({ ApplicationId, SegmentId, Version: '1' }),
    );
    expect(one.SegmentResponse).toMatchObject(plan('a'));
    const page = await api.client.send(
      new GetSegmentVersionsCommand({ ApplicationId, SegmentId, PageSize: '2' }),
    );
    const next = await api.client.send(
      new GetSegmentVersionsCommand({
        ApplicationId,
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
      app_id: ApplicationId,
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

describe('GetSegments', () => {
  beforeAll(newApp);

  it('200 pages through the latest versions, newest first', async () => {
    const ids = [await create(plan('1')), await create(plan('2')), await create(plan('3'))];
    await update(ids[0] ?? '', plan('4'));
    const first = await api.client.send(new GetSegmentsCommand({ ApplicationId, PageSize: '2' }));
    const second = await api.client.send(
      new GetSegmentsCommand({ ApplicationId, PageSize: '2', Token: first.SegmentsResponse?.NextToken }),
    );
    const items = [...(first.SegmentsResponse?.Item ?? []), ...(second.SegmentsResponse?.Item ?? [])];
    expect(items.map(({ Id }) => Id)).toEqual(ids.reverse());
    expect(items.map(({ Version }) => Version)).toEqual([1, 1, 2]);
    expect(second.SegmentsResponse).not.toHaveProperty('NextToken');
  });
});

describe('DeleteSegment', () => {
  beforeAll(newApp);

  it('200 answers the segment as it was, and 404 from then on', async () => {
    const SegmentId = await create(plan('a'));
    const deleted = await api.client.send(new DeleteSegmentCommand({ ApplicationId, SegmentId }));
    expect(deleted.SegmentResponse).toMatchObject({ Id: SegmentId, ...plan('a') });
    for (const command of [
      new GetSegmentCommand({ ApplicationId, SegmentId }),
      new GetSegmentVersionsCommand({ ApplicationId, SegmentId }),
      new GetSegmentVersionCommand({ ApplicationId, SegmentId, Version: '1' }),
      new DeleteSegmentCommand({ ApplicationId, SegmentId }),
    ]) {
      await expect(api.client.send(command as GetSegmentCommand)).rejects.toMatchObject({
        name: 'NotFoundException',
      });
    }
  });

  it('400 while another segment is made of it', async () => {
    const SegmentId = await create(plan('a'));
    const user = await create({ SegmentGroups: from(SegmentId) });
    await expect(
      api.client.send(new DeleteSegmentCommand({ ApplicationId, SegmentId })),
    ).rejects.toMatchObject({
      message: `SegmentId: is a source of segment ${user}`,
    });
  });

  it('a segment whose source is gone matches nobody, never everybody', async () => {
    const source = await create(plan('a'));
    const user = await create({ SegmentGroups: from(source) });
    await database.db.deleteFrom('segment').where('id', '=', source).execute();
    const loaded = await loadSegmentTree(database.db, ApplicationId, user);
    expect(loaded).toEqual({ tree: nobody, version: 1, fault: `there is no segment "${source}"` });
  });
});
