import { randomUUID } from 'node:crypto';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis';
import { PutEventsCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStreams } from '../../../src/channels/streams/createStreams.ts';
import { readConfig } from '../../../src/config.ts';
import { readBacklog } from '../../../src/db/streams/eventStreams.ts';
import { sendStreams } from '../../../src/streams/sendStreams.ts';
import { testDeps, testSettings } from '../../support/deps.ts';
import { arnOf, useEventStream } from '../../support/eventStream.ts';
import { hasMoto, startMoto } from '../../support/moto.ts';

const { api, appId, database, does, putStream, streamRow } = useEventStream();

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.skipIf(!hasMoto())('Kinesis', () => {
  it('gets each event in Pinpoint’s envelope, under its endpoint as the partition key', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
    const { url } = await startMoto();
    const kinesis = new KinesisClient({
      region: 'us-east-1',
      endpoint: url,
      requestHandler: new NodeHttpHandler(),
    });
    const name = `shop-${randomUUID()}`;
    await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
    const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName: name }));
    await putStream(StreamDescription?.StreamARN);
    await api.client.send(
      new UpdateEndpointCommand({
        ApplicationId: appId(),
        EndpointId: 'ann',
        EndpointRequest: {
          ChannelType: 'EMAIL',
          Address: 'ann@example.com',
          Demographic: {
            Make: 'Acme',
            Platform: 'ios',
            PlatformVersion: '19',
            Locale: 'de_AT',
            AppVersion: '7',
          },
          User: { UserId: 'u1' },
        },
      }),
    );
    const event = {
      EventType: 'cart.filled',
      Timestamp: '2030-01-01T00:00:00.000Z',
      Attributes: { colour: 'red' },
      Metrics: { price: 3.5 },
      AppPackageName: 'shop',
      SdkName: 'sdk',
      ClientSdkVersion: '2',
      Session: { Id: 's1', StartTimestamp: '2029-12-31T23:00:00.000Z' },
    };
    const BatchItem = { ann: { Endpoint: {}, Events: { e1: event } } };
    await api.client.send(new PutEventsCommand({ ApplicationId: appId(), EventsRequest: { BatchItem } }));

    const config = readConfig({ ...testSettings, REPOINT_UPSTREAM_STREAMS_URL: url });
    expect(await sendStreams(testDeps(database.db, { config, openStream: createStreams(config) }))).toBe(1);

    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const from = { StreamName: name, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(from));
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.map(({ PartitionKey }) => PartitionKey)).toEqual(['ann']);
    const told = JSON.parse(Buffer.from(Records[0]?.Data ?? []).toString('utf8'));
    expect(told).toMatchObject({
      event_type: 'cart.filled',
      event_timestamp: Date.parse(event.Timestamp),
      arrival_timestamp: expect.any(Number),
      event_version: '3.0',
      application: {
        app_id: appId(),
        package_name: 'shop',
        sdk: { name: 'sdk', version: '2' },
        version_name: '7',
      },
      client: { client_id: 'ann' },
      device: {
        locale: { code: 'de_AT', country: 'AT', language: 'de' },
        make: 'Acme',
        platform: { name: 'ios', version: '19' },
      },
      session: { session_id: 's1', start_timestamp: Date.parse('2029-12-31T23:00:00.000Z') },
      attributes: { colour: 'red' },
      metrics: { price: 3.5 },
      awsAccountId: '000000000000',
    });
    expect(JSON.parse(told.client_context.custom.endpoint)).toMatchObject({
      ChannelType: 'EMAIL',
      Address: 'ann@example.com',
      EndpointStatus: 'ACTIVE',
      OptOut: 'NONE',
      User: { UserId: 'u1' },
    });
  });

  it('that does not exist is told of, and nothing is lost', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
    const { url } = await startMoto();
    await putStream(arnOf('not-there'));
    await does('ann', 'first');
    const config = readConfig({ ...testSettings, REPOINT_UPSTREAM_STREAMS_URL: url });
    await sendStreams(testDeps(database.db, { config, openStream: createStreams(config) }));
    const stream = await streamRow();
    expect(stream).toMatchObject({ failures: 1, last_error: expect.stringContaining('ResourceNotFound') });
    expect(await readBacklog(database.db, appId())).toMatchObject({ records: 1 });
  });
});
