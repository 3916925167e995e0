import {
  CreateSegmentCommand,
  DeleteSegmentCommand,
  GetSegmentCommand,
  GetSegmentsCommand,
  GetSegmentVersionCommand,
  GetSegmentVersionsCommand,
  UpdateEndpointCommand,
  type WriteSegmentRequest,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import iphone from '../../../examples/tutorial/03-update-endpoint-iphone.json' with { type: 'json' };
import tutorial from '../../../examples/tutorial/04-create-segment.json' with { type: 'json' };
import { countMatching, loadSegmentTree } from '../../../src/db/segments/segments.ts';
import { nobody } from '../../../src/domain/segment/tree.ts';
import { testClient } from '../../support/api.ts';
import { aws, awsCliIsThere } from '../../support/awsCli.ts';
import { markAsSameCall } from '../../support/sameCall.ts';
import { from, plan, useSegments } from '../../support/segments.ts';

const request = tutorial as WriteSegmentRequest;
const now = new Date('2026-02-01T00:00:00Z');
const { api, appId, create, database, newApp, update } = useSegments();

async function members(id: string): Promise<number> {
  const loaded = await loadSegmentTree(database.db, appId(), id);
  return loaded === null ? -1 : (await countMatching(database.db, appId(), loaded.tree, now)).count;
}

describe('CreateSegment', () => {
  beforeAll(newApp);

  it("201 answers the tutorial's segment with the form it was given, ARN and version", async () => {
    const created = await api.client.send(
      new CreateSegmentCommand({
        ApplicationId: appId(),
        WriteSegmentRequest: { ...request, tags: { Team: 'growth' } },
      }),
    );
    expect(created.$metadata.httpStatusCode).toBe(201);
    const segment = created.SegmentResponse;
    expect(segment).toEqual({
      ApplicationId: appId(),
      Arn: `arn:aws:mobiletargeting:us-east-1:000000000000:apps/${appId()}/segments/${segment?.Id}`,
      CreationDate: expect.stringMatching(/Z$/),
      LastModifiedDate: segment?.CreationDate,
      Id: expect.stringMatching(/^[0-9a-f]{32}$/),
      Name: 'New Premium Users',
      SegmentGroups: request.SegmentGroups,
      SegmentType: 'DIMENSIONAL',
      tags: { Team: 'growth' },
      Version: 1,
    });
    const read = await api.client.send(
      new GetSegmentCommand({ ApplicationId: appId(), SegmentId: segment?.Id }),
    );
    expect(read.SegmentResponse).toEqual(segment);
  });

  it('201 answers a retry of the same call with the same segment', async () => {
    const client = testClient(api.url);
    markAsSameCall(client, 'one-call');
    const WriteSegmentRequest = { Name: 'Retried', ...plan('premium') };
    const send = () => client.send(new CreateSegmentCommand({ ApplicationId: appId(), WriteSegmentRequest }));
    const [first, beside] = await Promise.all([send(), send()]);
    const again = await send();
    client.destroy();
    for (const { SegmentResponse } of [beside, again]) {
      expect(SegmentResponse).toEqual(first.SegmentResponse);
    }
    const { SegmentsResponse } = await api.client.send(new GetSegmentsCommand({ ApplicationId: appId() }));
    expect(SegmentsResponse?.Item?.filter(({ Name }) => Name === 'Retried')).toHaveLength(1);
  });

  it("whose members are the endpoints that match now, the tutorial's and those signed up since a date or a while", async () => {
    await api.client.send(
      new UpdateEndpointCommand({
        ApplicationId: appId(),
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
      appId(),
      '--write-segment-request',
      JSON.stringify(request),
    ]);
    const about = ['--application-id', appId(), '--segment-id', created.SegmentResponse.Id];
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
    const listed = await aws(api.url, ['pinpoint', 'get-segments', '--application-id', appId()]);
    expect(listed.SegmentsResponse.Item).toContainEqual(updated.SegmentResponse);
    expect(await aws(api.url, ['pinpoint', 'delete-segment', ...about])).toEqual(updated);
  });
});

describe('GetSegments', () => {
  beforeAll(newApp);

  it('200 pages through the latest versions, newest first', async () => {
    const ids = [await create(plan('1')), await create(plan('2')), await create(plan('3'))];
    await update(ids[0] ?? '', plan('4'));
    const first = await api.client.send(new GetSegmentsCommand({ ApplicationId: appId(), PageSize: '2' }));
    const second = await api.client.send(
      new GetSegmentsCommand({
        ApplicationId: appId(),
        PageSize: '2',
        Token: first.SegmentsResponse?.NextToken,
      }),
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
    const deleted = await api.client.send(new DeleteSegmentCommand({ ApplicationId: appId(), SegmentId }));
    expect(deleted.SegmentResponse).toMatchObject({ Id: SegmentId, ...plan('a') });
    for (const command of [
      new GetSegmentCommand({ ApplicationId: appId(), SegmentId }),
      new GetSegmentVersionsCommand({ ApplicationId: appId(), SegmentId }),
      new GetSegmentVersionCommand({ ApplicationId: appId(), SegmentId, Version: '1' }),
      new DeleteSegmentCommand({ ApplicationId: appId(), SegmentId }),
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
      api.client.send(new DeleteSegmentCommand({ ApplicationId: appId(), SegmentId })),
    ).rejects.toMatchObject({
      message: `SegmentId: is a source of segment ${user}`,
    });
  });

  it('a segment whose source is gone matches nobody, never everybody', async () => {
    const source = await create(plan('a'));
    const user = await create({ SegmentGroups: from(source) });
    await database.db.deleteFrom('segment').where('id', '=', source).execute();
    const loaded = await loadSegmentTree(database.db, appId(), user);
    expect(loaded).toEqual({ tree: nobody, version: 1, fault: `there is no segment "${source}"` });
  });
});
