import {
  DeleteEndpointCommand,
  DeleteUserEndpointsCommand,
  type EndpointRequest,
  GetEndpointCommand,
  GetUserEndpointsCommand,
  UpdateEndpointCommand,
  UpdateEndpointsBatchCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import email from '../../../examples/tutorial/03-update-endpoint-email.json' with { type: 'json' };
import iphone from '../../../examples/tutorial/03-update-endpoint-iphone.json' with { type: 'json' };
import { createApp, useApi } from '../../support/api.ts';
import { aws, awsCliIsThere } from '../../support/awsCli.ts';

let appId = '';
const api = useApi();
beforeAll(async () => {
  appId = await createApp(api.client);
});

function update(EndpointId: string, EndpointRequest: EndpointRequest) {
  return api.client.send(new UpdateEndpointCommand({ ApplicationId: appId, EndpointId, EndpointRequest }));
}
async function read(EndpointId: string) {
  const { EndpointResponse } = await api.client.send(
    new GetEndpointCommand({ ApplicationId: appId, EndpointId }),
  );
  return EndpointResponse;
}

describe('UpdateEndpoint', () => {
  it("202 stores the tutorial's endpoints, one user's attributes for both", async () => {
    const answer = await update('user123-iphone', iphone as EndpointRequest);
    expect(answer.$metadata.httpStatusCode).toBe(202);
    expect(answer.MessageBody).toEqual({ Message: 'Accepted', RequestID: expect.stringMatching(/.+/) });
    await update('user123-email', email as EndpointRequest);
    expect(await read('user123-email')).toEqual({
      ApplicationId: appId,
      Id: 'user123-email',
      Address: 'user123@example.com',
      ChannelType: 'EMAIL',
      Attributes: {},
      Metrics: {},
      Demographic: {},
      Location: {},
      CohortId: expect.stringMatching(/^\d{1,2}$/),
      CreationDate: expect.stringMatching(/Z$/),
      EffectiveDate: expect.stringMatching(/Z$/),
      EndpointStatus: 'ACTIVE',
      OptOut: 'NONE',
      RequestId: expect.stringMatching(/.+/),
      User: {
        UserId: 'user123',
        UserAttributes: {
          Plan: ['premium'],
          SignupDate: ['2026-01-15'],
          Interests: ['monitoring', 'devops'],
        },
      },
    });
    expect(await read('user123-iphone')).toMatchObject(iphone);
  });

  it('202 for an endpoint without address and channel type, as identifyUser sends it', async () => {
    await update('anonymous', { User: { UserId: 'u9', UserAttributes: { Plan: ['x'] } } });
    const endpoint = await read('anonymous');
    expect(endpoint).toMatchObject({ User: { UserId: 'u9', UserAttributes: { Plan: ['x'] } } });
    expect(endpoint).not.toHaveProperty('Address');
  });

  it("202 for user attributes without a user, which are the user's once it has one", async () => {
    await update('visitor', { User: { UserAttributes: { Plan: ['trial'] } } });
    expect((await read('visitor'))?.User).toEqual({ UserAttributes: { Plan: ['trial'] } });
    await update('visitor', { User: { UserId: 'u10' } });
    expect((await read('visitor'))?.User).toEqual({ UserId: 'u10', UserAttributes: { Plan: ['trial'] } });
  });

  it('202 for an id with every kind of character', async () => {
    const id = 'a/b 100% p+q a%2Fb ü日本 x//y ?#';
    await update(id, { ChannelType: 'CUSTOM', Address: 'x' });
    expect((await read(id))?.Id).toBe(id);
  });

  it('400 "Missing Address" for a channel type alone, and nothing is stored', async () => {
    await expect(update('incomplete', { ChannelType: 'SMS' })).rejects.toMatchObject({
      name: 'BadRequestException',
      message: 'Missing Address',
    });
    await expect(read('incomplete')).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('400 beyond fifteen endpoints of a user, in the words clients look for', async () => {
    for (let i = 0; i < 15; i += 1) {
      await update(`full-${i}`, {
        ChannelType: 'EMAIL',
        Address: `f${i}@example.com`,
        User: { UserId: 'full' },
      });
    }
    await expect(
      update('full-15', { ChannelType: 'EMAIL', Address: 'f15@example.com', User: { UserId: 'full' } }),
    ).rejects.toMatchObject({ message: 'Exceeded maximum endpoint per user count 15' });
    await update('full-0', { User: { UserId: '' } });
    await update('full-15', { ChannelType: 'EMAIL', Address: 'f15@example.com', User: { UserId: 'full' } });
    expect((await read('full-0'))?.User).toEqual({});
  });

  it('404 for an unknown app', async () => {
    const request = { ApplicationId: 'f'.repeat(32), EndpointId: 'e', EndpointRequest: {} };
    await expect(api.client.send(new UpdateEndpointCommand(request))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it.skipIf(!awsCliIsThere)('works with the AWS CLI as the tutorial calls it', async () => {
    const about = ['--application-id', appId, '--endpoint-id', 'cli-iphone'];
    const answer = await aws(api.url, [
      'pinpoint',
      'update-endpoint',
      ...about,
      '--endpoint-request',
      JSON.stringify(iphone),
    ]);
    expect(answer.MessageBody.Message).toBe('Accepted');
    const endpoint = await aws(api.url, ['pinpoint', 'get-endpoint', ...about]);
    expect(endpoint.EndpointResponse).toMatchObject(iphone);
    const user = await aws(api.url, [
      'pinpoint',
      'get-user-endpoints',
      '--application-id',
      appId,
      '--user-id',
      'user123',
    ]);
    expect(user.EndpointsResponse.Item.map((item: { Id: string }) => item.Id)).toContain('cli-iphone');
    const deleted = await aws(api.url, ['pinpoint', 'delete-endpoint', ...about]);
    expect(deleted).toEqual(endpoint);
  });
});

describe('UpdateEndpointsBatch', () => {
  const batch = (Item: (EndpointRequest & { Id?: string })[]) =>
    api.client.send(
      new UpdateEndpointsBatchCommand({ ApplicationId: appId, EndpointBatchRequest: { Item } }),
    );

  it('202 stores every item', async () => {
    const answer = await batch([
      { Id: 'b1', ChannelType: 'EMAIL', Address: 'b1@example.com', User: { UserId: 'b' } },
      {
        Id: 'b2',
        ChannelType: 'SMS',
        Address: '+15550001',
        User: { UserId: 'b', UserAttributes: { Plan: ['x'] } },
      },
    ]);
    expect(answer.$metadata.httpStatusCode).toBe(202);
    expect(await read('b1')).toMatchObject({ User: { UserId: 'b', UserAttributes: { Plan: ['x'] } } });
  });

  it('400 names every bad item, and stores none', async () => {
    await expect(
      batch([{ Id: 'b3' }, { ChannelType: 'FAX' as 'SMS', Id: 'b4' }, {}, { Id: 'b5', OptOut: 'MAYBE' }]),
    ).rejects.toMatchObject({ message: expect.stringMatching(/Item\[1\]\.ChannelType/) });
    await expect(
      batch([{ Id: 'b3' }, {}, { Id: 'b4' }, { Id: 'b5', OptOut: 'MAYBE' }]),
    ).rejects.toMatchObject({
      message: expect.stringMatching(
        /Item\[1\]\.Id: .*; Item\[3\]\.OptOut: must be one of ALL, NONE; given "MAYBE"/,
      ),
    });
    await expect(batch([{ Id: 'b3' }, { Id: 'b4', ChannelType: 'EMAIL' }])).rejects.toMatchObject({
      message: 'Item[1].Address: Missing Address',
    });
    await expect(read('b3')).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('400 for more than a hundred items', async () => {
    await expect(batch(Array.from({ length: 101 }, (_, i) => ({ Id: `x${i}` })))).rejects.toMatchObject({
      message: 'Item: must have at most 100 items; given 101',
    });
  });
});

describe('DeleteEndpoint and DeleteUserEndpoints', () => {
  it('202 answers what was deleted, and 404 from then on', async () => {
    await update('d1', { ChannelType: 'EMAIL', Address: 'd1@example.com', User: { UserId: 'd' } });
    await update('d2', { ChannelType: 'SMS', Address: '+15550002', User: { UserId: 'd' } });
    await update('d3', { ChannelType: 'SMS', Address: '+15550003', User: { UserId: 'd' } });
    const before = await read('d1');
    const one = await api.client.send(new DeleteEndpointCommand({ ApplicationId: appId, EndpointId: 'd1' }));
    expect([one.$metadata.httpStatusCode, one.EndpointResponse]).toEqual([202, before]);
    const user = { ApplicationId: appId, UserId: 'd' };
    const rest = await api.client.send(new DeleteUserEndpointsCommand(user));
    expect(rest.$metadata.httpStatusCode).toBe(202);
    expect(rest.EndpointsResponse?.Item?.map((item) => item.Id)).toEqual(['d2', 'd3']);
    await expect(read('d2')).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(api.client.send(new GetUserEndpointsCommand(user))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await expect(api.client.send(new DeleteUserEndpointsCommand(user))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await expect(
      api.client.send(new DeleteEndpointCommand({ ApplicationId: appId, EndpointId: 'd1' })),
    ).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
