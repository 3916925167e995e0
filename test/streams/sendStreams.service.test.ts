import { randomUUID } from 'node:crypto';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis';
import {
  CreateAppCommand,
  DeleteAppCommand,
  DeleteEndpointCommand,
  DeleteEventStreamCommand,
  GetEventStreamCommand,
  PutEventStreamCommand,
  PutEventsCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStreams } from '../../src/channels/streams/createStreams.ts';
import type { StreamAnswer, StreamItem } from '../../src/channels/streams/streamDoor.ts';
import { readConfig } from '../../src/config.ts';
import { readBacklog } from '../../src/db/eventStreams.ts';
import type { Deps } from '../../src/deps.ts';
import { sendStreams } from '../../src/streams/sendStreams.ts';
import { trimStreams } from '../../src/streams/trimStreams.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { testDeps, testSettings } from '../support/deps.ts';
import { hasMoto, startMoto } from '../support/moto.ts';

const RoleArn = 'arn:aws:iam::123456789012:role/Stream';
const arnOf = (name: string) => `arn:aws:kinesis:us-east-1:123456789012:stream/${name}`;
let database: TestDatabase;
let api: TestApi;
let appId: string;

beforeAll(async () => {
  database = await cloneDatabase();
  api = await startTestApi(database);
});
beforeEach(async () => {
  const created = await api.client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'Shop' } }));
  appId = created.ApplicationResponse?.Id ?? '';
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await api.client.send(new DeleteAppCommand({ ApplicationId: appId }));
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const putStream = (DestinationStreamArn = arnOf('events')) =>
  api.client.send(
    new PutEventStreamCommand({
      ApplicationId: appId,
      WriteEventStream: { DestinationStreamArn, RoleArn },
    }),
  );

let minutes = 0;
/** Somebody does something, each a minute later than the one before. */
async function does(endpointId: string, ...types: string[]): Promise<void> {
  const Events = types.map((EventType) => {
    minutes += 1;
    const Timestamp = new Date(Date.UTC(2030, 0, 1, 0, minutes)).toISOString();
    return [randomUUID(), { EventType, Timestamp }] as const;
  });
  const BatchItem = { [endpointId]: { Endpoint: {}, Events: Object.fromEntries(Events) } };
  await api.client.send(new PutEventsCommand({ ApplicationId: appId, EventsRequest: { BatchItem } }));
}

interface Told {
  readonly event_type: string;
  readonly client: { readonly client_id: string };
}
const textOf = (item: StreamItem): Told => JSON.parse(Buffer.from(item.bytes).toString('utf8'));

/** A far end that answers as it is told to, and what it has taken. */
function farEnd(answer: (items: readonly StreamItem[]) => Partial<StreamAnswer> = () => ({})) {
  const got: Told[] = [];
  const openStream: Deps['openStream'] = () => ({
    limits: { records: 500, bytes: 1e6, recordBytes: 100_000 },
    isAtomic: false,
    put: async (items) => {
      const all = { taken: new Set(items.map(({ id }) => id)), failure: null, isUnfit: false };
      const given = { ...all, ...answer(items) };
      got.push(...items.filter(({ id }) => given.taken.has(id)).map(textOf));
      return given;
    },
  });
  return { got, deps: testDeps(database.db, { openStream }) };
}

const away = () => ({ taken: new Set<string>(), failure: 'away' });
const typesOf = (told: readonly Told[]) => told.map((one) => one.event_type);

/** As if the pause after a failure were over. */
const tryNow = () => database.db.updateTable('event_stream').set({ next_try_at: null }).execute();

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
        ApplicationId: appId,
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
    await api.client.send(new PutEventsCommand({ ApplicationId: appId, EventsRequest: { BatchItem } }));

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
        app_id: appId,
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
    const stream = await database.db.selectFrom('event_stream').selectAll().executeTakeFirstOrThrow();
    expect(stream).toMatchObject({ failures: 1, last_error: expect.stringContaining('ResourceNotFound') });
    expect(await readBacklog(database.db, appId)).toMatchObject({ records: 1 });
  });
});

it('puts, answers and deletes the stream as Pinpoint does', async () => {
  const { EventStream } = await putStream();
  expect(EventStream).toEqual({
    ApplicationId: appId,
    DestinationStreamArn: arnOf('events'),
    RoleArn,
    LastModifiedDate: expect.stringMatching(/Z$/),
    LastUpdatedBy: 'AKIATESTTESTTESTTEST',
  });
  const input = { ApplicationId: appId };
  expect((await api.client.send(new GetEventStreamCommand(input))).EventStream).toEqual(EventStream);
  expect((await api.client.send(new DeleteEventStreamCommand(input))).EventStream).toEqual(EventStream);
  for (const Command of [GetEventStreamCommand, DeleteEventStreamCommand])
    await expect(api.client.send(new Command(input))).rejects.toMatchObject({ name: 'NotFoundException' });
});

it('names everything that is wrong with a stream, and changes nothing', async () => {
  await putStream();
  const WriteEventStream = { DestinationStreamArn: 'arn:aws:sqs:us-east-1:1:queue', RoleArn: 'me' };
  const put = new PutEventStreamCommand({ ApplicationId: appId, WriteEventStream });
  await expect(api.client.send(put)).rejects.toMatchObject({
    name: 'BadRequestException',
    message: expect.stringMatching(/DestinationStreamArn: must be .*queue.*; RoleArn: must be .*me/),
  });
  const { EventStream } = await api.client.send(new GetEventStreamCommand({ ApplicationId: appId }));
  expect(EventStream?.DestinationStreamArn).toBe(arnOf('events'));
});

it('tells an endpoint’s events in their order, across requests and within one', async () => {
  await putStream();
  await does('ann', 'one', 'two', 'three');
  await does('ann', 'four');
  const { got, deps } = farEnd();
  expect(await sendStreams(deps)).toBe(4);
  expect(typesOf(got)).toEqual(['one', 'two', 'three', 'four']);
  expect(await sendStreams(deps)).toBe(0);
});

it('passes over nothing that commits after what came later', async () => {
  await putStream();
  const { got, deps } = farEnd();
  await database.db.transaction().execute(async (tx) => {
    const record = { app_id: appId, endpoint_id: 'late', kind: 'event', arrived_at: new Date() } as const;
    const { id } = await database.db
      .selectFrom('stream_record')
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirstOrThrow();
    expect(id).toBeNull();
    await does('late', 'stored');
    const stored = await database.db
      .deleteFrom('stream_record')
      .where('app_id', '=', appId)
      .returning('subject')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('stream_record')
      .values({ ...record, subject: stored.subject, detail: '{}' })
      .execute();
    await does('ann', 'early');
    await sendStreams(deps);
    expect(typesOf(got)).toEqual(['early']);
    const event = await database.db
      .selectFrom('event')
      .select('received_at')
      .where('id', '=', stored.subject)
      .executeTakeFirstOrThrow();
    await tx.updateTable('stream_record').set({ arrived_at: event.received_at }).execute();
  });
  await sendStreams(deps);
  expect(typesOf(got)).toEqual(['early', 'stored']);
});

it('is sent by one worker at a time', async () => {
  await putStream();
  await does('ann', 'one');
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const { promise: called, resolve: call } = Promise.withResolvers<void>();
  const slow = farEnd();
  const openStream: Deps['openStream'] = (...to) => {
    const door = slow.deps.openStream(...to);
    const put = async (items: readonly StreamItem[]) => {
      call();
      await answered;
      return door.put(items);
    };
    return { ...door, put };
  };
  const sending = sendStreams({ ...slow.deps, openStream });
  await called;
  const other = farEnd();
  expect(await sendStreams(other.deps)).toBe(0);
  resolve();
  expect(await sending).toBe(1);
  expect(typesOf(slow.got)).toEqual(['one']);
  expect(other.got).toEqual([]);
});

it('waits for a far end that is away, longer each time, and shows the lag; then sends everything', async () => {
  await putStream();
  await does('ann', 'one');
  await sendStreams(farEnd(away).deps);
  const { got, deps } = farEnd();
  expect(await sendStreams(deps)).toBe(0);
  await tryNow();
  await sendStreams(farEnd(away).deps);
  const stream = await database.db.selectFrom('event_stream').selectAll().executeTakeFirstOrThrow();
  expect(stream).toMatchObject({ failures: 2, last_error: 'away', leased_until: null });
  expect((stream.next_try_at?.getTime() ?? 0) - Date.now()).toBeGreaterThan(1_000);
  await tryNow();
  expect(await sendStreams(deps)).toBe(1);
  expect(typesOf(got)).toEqual(['one']);
  expect(await database.db.selectFrom('event_stream').selectAll().executeTakeFirst()).toMatchObject({
    failures: 0,
    last_error: null,
    delivered: '1',
  });
});

it('gives up the oldest when the far end was away too long, or too much waits, and counts them', async () => {
  await putStream();
  await does('ann', 'one', 'two');
  await does('ann', 'three');
  const settings = { ...testSettings, REPOINT_STREAM_KEEP_HOURS: '2' };
  const later = { now: async () => new Date(Date.now() + 3_600_000) };
  const config = readConfig(settings);
  expect(await trimStreams(testDeps(database.db, { config, clock: later }))).toBe(0);
  const few = { ...config, REPOINT_STREAM_KEEP_RECORDS: 1 };
  expect(await trimStreams(testDeps(database.db, { config: few, clock: later }))).toBe(2);
  const { got, deps } = farEnd();
  await does('ann', 'four');
  const tomorrow = { now: async () => new Date(Date.now() + 86_400_000) };
  expect(await trimStreams(testDeps(database.db, { config, clock: tomorrow }))).toBe(2);
  await does('ann', 'five');
  await sendStreams(deps);
  expect(typesOf(got)).toEqual(['five']);
  expect(await database.db.selectFrom('event_stream').selectAll().executeTakeFirst()).toMatchObject({
    dropped: '4',
    dropped_at: expect.any(Date),
  });
});

it('tells nothing of who was erased meanwhile', async () => {
  await putStream();
  await api.client.send(
    new UpdateEndpointCommand({
      ApplicationId: appId,
      EndpointId: 'ann',
      EndpointRequest: { OptOut: 'ALL' },
    }),
  );
  await does('ann', 'one');
  await does('bob', 'two');
  await api.client.send(new DeleteEndpointCommand({ ApplicationId: appId, EndpointId: 'ann' }));
  const { got, deps } = farEnd();
  await sendStreams(deps);
  expect(typesOf(got)).toEqual(['two']);
});

it('ends with its stream, and what an app without one does is not kept for one', async () => {
  await does('ann', 'before');
  await putStream();
  await does('ann', 'one');
  await api.client.send(new DeleteEventStreamCommand({ ApplicationId: appId }));
  expect(await readBacklog(database.db, appId)).toEqual({ records: 0, oldestAt: null });
  await putStream();
  await does('ann', 'two');
  const { got, deps } = farEnd();
  await sendStreams(deps);
  expect(typesOf(got)).toEqual(['two']);
});

it('forgets what committed beside the deletion of its stream', async () => {
  await database.db
    .insertInto('stream_record')
    .values({
      app_id: appId,
      endpoint_id: 'ann',
      kind: 'event',
      subject: randomUUID(),
      detail: '{}',
      arrived_at: new Date(),
    })
    .execute();
  expect(await trimStreams(testDeps(database.db))).toBe(1);
  expect(await readBacklog(database.db, appId)).toEqual({ records: 0, oldestAt: null });
});
