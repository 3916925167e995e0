import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hearQueue, type RunningQueue } from '../src/channels/feedbackQueue.ts';
import type { Config } from '../src/config.ts';
import { queuesFailing } from '../src/counters.ts';
import { insertApp } from '../src/db/apps.ts';
import { newTimeId } from '../src/db/ids.ts';
import { hearFeedback } from '../src/hearFeedback.ts';
import { createLog } from '../src/log.ts';
import { claim } from '../src/sending/claim.ts';
import { formatMessageId, type MessageOwner } from '../src/sending/ledger.ts';
import { type TestDatabase, useDatabase } from './support/database.ts';
import { testDeps } from './support/deps.ts';
import { hasMoto, startMoto } from './support/moto.ts';

const appId = 'shop';

describe.skipIf(!hasMoto())('a queue of SQS', () => {
  const database = useDatabase();
  let sqs: SQSClient;
  let url: string;
  const running: RunningQueue[] = [];

  beforeAll(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
    await insertApp(database.db, { id: appId, name: 'Shop', tags: {} }, new Date());
    const moto = await startMoto();
    sqs = new SQSClient({ region: 'us-east-1', endpoint: moto.url });
  });
  // One for each test: moto goes on with a wait for messages that was broken off. It waits busily, so not for long.
  beforeEach(async ({ task }) => {
    const made = await sqs.send(
      new CreateQueueCommand({ QueueName: `events-${task.id}`, Attributes: { VisibilityTimeout: '600' } }),
    );
    url = made.QueueUrl ?? '';
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((queue) => queue.stop()));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  function hear(queues = [url], overrides: { db?: TestDatabase['db'] } = {}): RunningQueue {
    const deps = testDeps(overrides.db ?? database.db);
    const config: Config = { ...deps.config, REPOINT_FEEDBACK_QUEUES: queues };
    const [queue] = hearFeedback({ ...deps, config }, { waitSeconds: 1 });
    if (!queue) throw new Error('no queue');
    running.push(queue);
    return queue;
  }

  async function claimed(): Promise<MessageOwner> {
    const now = new Date();
    const owner: MessageOwner = {
      appId,
      owner: newTimeId(now),
      kind: 'entry',
      step: 'Welcome',
      channel: 'EMAIL',
      class: 'marketing',
      graceMs: 900_000,
    };
    const ann = { endpointId: 'ann', participant: 'e:ann', channelType: 'EMAIL', address: 'ann@example.com' };
    await database.db
      .transaction()
      .execute((tx) => claim(tx, owner, [{ recipient: 'ann', ...ann }], { logical: now, real: now }));
    return owner;
  }

  const sesEvent = ({ owner }: MessageOwner, eventType: string) =>
    JSON.stringify({
      eventType,
      [eventType.toLowerCase()]: { timestamp: '2026-11-23T10:00:01.000Z' },
      mail: {
        messageId: `ses-${owner}`,
        timestamp: '2026-11-23T10:00:00.000Z',
        tags: { 'repoint-message': [formatMessageId({ owner, seq: 1 }, 1)], 'repoint-app': [appId] },
      },
    });
  const inSns = (message: string) =>
    JSON.stringify({
      Type: 'Notification',
      MessageId: 'm1',
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:ses-events',
      Message: message,
      Timestamp: '2026-11-23T10:00:02.000Z',
    });
  const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
  const stateOf = async ({ owner }: MessageOwner) =>
    await database.db
      .selectFrom('message')
      .select('state')
      .where('app_id', '=', appId)
      .where('owner', '=', owner)
      .executeTakeFirstOrThrow();

  const failing = async () => (await queuesFailing.get()).values[0]?.value;

  async function leftInQueue(): Promise<number> {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  }

  it('settles messages by what it holds, in an envelope of SNS or raw, and is empty afterwards', async () => {
    const [enveloped, raw] = [await claimed(), await claimed()];
    await send(inSns(sesEvent(enveloped, 'Send')));
    await send(sesEvent(raw, 'Delivery'));
    const queue = hear();
    await vi.waitFor(async () => expect(await leftInQueue()).toBe(0), { timeout: 10_000 });
    expect([await stateOf(enveloped), await stateOf(raw)]).toEqual([
      { state: 'sent' },
      { state: 'delivered' },
    ]);
    expect(queue.status()).toMatchObject({ queue: url, state: 'hearing', taken: 2, left: 0 });
  });

  it('is not held up by what cannot be read, which stays for the redrive policy', async () => {
    const owner = await claimed();
    for (const poison of ['no JSON', '{"some":"thing"}', '{"eventType":"Open","mail":{}}'])
      await send(poison);
    await send(inSns(sesEvent(owner, 'Open')));
    const queue = hear();
    await vi.waitFor(() => expect(queue.status()).toMatchObject({ taken: 1, left: 3 }), { timeout: 10_000 });
    expect(await stateOf(owner)).toEqual({ state: 'delivered' });
    await vi.waitFor(async () => expect(await leftInQueue()).toBe(3), { timeout: 10_000 });
  });

  it('costs two requests for ten messages, since SQS is paid by the request', async () => {
    const Entries = Array.from({ length: 10 }, (_, Id) => ({ Id: `${Id}`, MessageBody: '{}' }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    const client = new SQSClient({ region: 'us-east-1', endpoint: sqs.config.endpoint });
    const requests: string[] = [];
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          requests.push(`${commandName}`);
          return next(args);
        },
      { step: 'initialize' },
    );
    const log = createLog('silent');
    running.push(
      hearQueue({ url, client, log, waitSeconds: 1, handle: async () => {}, ready: async () => {} }),
    );
    await vi.waitFor(async () => expect(await leftInQueue()).toBe(0), { timeout: 10_000 });
    expect(requests.slice(0, 2)).toEqual(['ReceiveMessageCommand', 'DeleteMessageBatchCommand']);
  });

  it('stops at once while it waits for messages, and then takes none', async () => {
    const queue = hear();
    await queue.stop();
    await send(sesEvent(await claimed(), 'Send'));
    expect(await leftInQueue()).toBe(1);
  });

  it('says of a queue that is not there that it fails', async () => {
    const queue = hear([`${url}-gone`]);
    await vi.waitFor(() => expect(queue.status().state).toBe('failing'), { timeout: 10_000 });
    expect(await failing()).toBe(1);
    await queue.stop();
    expect(await failing()).toBe(0);
  });
});
