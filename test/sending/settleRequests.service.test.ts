import {
  SendMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sender } from '../../src/channels/channel.ts';
import { createSender } from '../../src/channels/createSender.ts';
import type { Fault } from '../../src/channels/mailbox/faults.ts';
import { createLog } from '../../src/log.ts';
import { settleRequests } from '../../src/sending/settleRequests.ts';
import { createApp, useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';
import { useMailbox } from '../support/mailbox.ts';

const graceMs = 900_000;
const day = 86_400_000;
let ApplicationId: string;
let time = new Date('2026-03-01T10:00:00Z');
let dies = false;

const database = useDatabase();
const mailbox = useMailbox();
const api = useApi(database, () => {
  const { config } = mailbox;
  const provider = createSender(config, createLog('silent'), { timeoutMs: 1000 });
  const sender: Sender = {
    send: async (message) => {
      if (dies) throw new Error('the process is gone');
      return await provider.send(message);
    },
  };
  return { deps: { config, sender, clock: { now: async () => time } } };
});
beforeAll(async () => {
  ApplicationId = await createApp(api.client);
  const EmailChannelRequest = { FromAddress: 'us@example.com', Identity: 'arn', Enabled: true };
  await api.client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
});
beforeEach(async () => {
  mailbox.inject();
  dies = false;
  // no report arrives, as if the provider's events were not subscribed
  mailbox.pointAt('http://127.0.0.1:9');
});

const dropped: Fault = { kind: 'drop' };
const broken: Fault = { kind: 'status', status: 500, code: 'InternalFailure' };
const throttled: Fault = { kind: 'status', status: 429, code: 'TooManyRequestsException' };

/** Sends to one address; the provider's answers go wrong in this order, and then no more. */
async function send(to: string, faults: readonly Fault[]) {
  const left = [...faults];
  mailbox.inject(() => left.shift());
  const MessageRequest = {
    Addresses: { [to]: { ChannelType: 'EMAIL' as const } },
    MessageConfiguration: {
      EmailMessage: {
        FromAddress: 'billing@example.com',
        SimpleEmail: { Subject: { Data: 'Your code' }, TextPart: { Data: 'is 123' } },
      },
    },
  };
  const answer = await api.client.send(new SendMessagesCommand({ ApplicationId, MessageRequest }));
  return answer.MessageResponse?.Result?.[to];
}

async function later(milliseconds: number): Promise<number> {
  time = new Date(time.getTime() + milliseconds);
  return await settleRequests(api.deps);
}

async function rowOf(to: string) {
  const query = database.db.selectFrom('message').selectAll().where('address', '=', to);
  return await query.executeTakeFirstOrThrow();
}
const received = async (to: string) => (await mailbox.messages({ to })).length;

describe('a message of a request, of which nobody knows', () => {
  test('is sent once more after the grace, in the same words from the same sender, and its text is forgotten then', async () => {
    expect(await send('code@example.com', [broken])).toMatchObject({ DeliveryStatus: 'UNKNOWN_FAILURE' });
    expect(await later(graceMs - 1)).toBe(0);
    expect(await received('code@example.com')).toBe(0);
    expect(await later(1)).toBe(1);
    expect(await mailbox.messages({ to: 'code@example.com' })).toMatchObject([
      { from: 'billing@example.com', subject: 'Your code', text: 'is 123' },
    ]);
    expect(await rowOf('code@example.com')).toMatchObject({ state: 'sent', attempt: 2, rendered: null });
    expect(await later(day)).toBe(0);
  });

  test('may so be received twice, and never a third time: of two unknown calls it is listed as unknown', async () => {
    await send('twice@example.com', [dropped, dropped]);
    await later(graceMs);
    expect(await rowOf('twice@example.com')).toMatchObject({
      state: 'unknown',
      settled_at: null,
      attempt: 2,
    });
    await later(graceMs);
    expect(await rowOf('twice@example.com')).toMatchObject({
      state: 'unknown',
      settled_at: time,
      rendered: null,
    });
    expect(await later(day)).toBe(0);
    expect(await received('twice@example.com')).toBe(2);
  });

  test('is not sent again where its provider has reported it', async () => {
    mailbox.pointAt(api.url);
    await send('reported@example.com', [dropped]);
    expect(await received('reported@example.com')).toBe(1);
    expect(await later(graceMs)).toBe(0);
    expect(await rowOf('reported@example.com')).toMatchObject({ state: 'sent', attempt: 1 });
    expect(await received('reported@example.com')).toBe(1);
  });

  test('is sent by a worker when the API died in the middle of its call', async () => {
    dies = true;
    await expect(send('died@example.com', [])).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    dies = false;
    expect(await later(graceMs)).toBe(0);
    const dead = { claimed_at: new Date(Date.now() - 12_001) };
    await database.db.updateTable('message').set(dead).where('address', '=', 'died@example.com').execute();
    expect(await later(0)).toBe(1);
    expect(await received('died@example.com')).toBe(1);
  });

  test('is called by one of several workers', async () => {
    await send('race@example.com', [broken]);
    time = new Date(time.getTime() + graceMs);
    await Promise.all(Array.from({ length: 6 }, () => settleRequests(api.deps)));
    expect(await received('race@example.com')).toBe(1);
  });

  test('is not sent to an endpoint that has opted out since: it stays unknown, with the reason', async () => {
    const EndpointRequest = { ChannelType: 'EMAIL' as const, Address: 'out@example.com' };
    const put = (OptOut: string) =>
      api.client.send(
        new UpdateEndpointCommand({
          ApplicationId,
          EndpointId: 'out',
          EndpointRequest: { ...EndpointRequest, OptOut },
        }),
      );
    await put('NONE');
    mailbox.inject(() => broken);
    const SimpleEmail = { Subject: { Data: 'Hi' }, TextPart: { Data: 'there' } };
    const MessageRequest = {
      Endpoints: { out: {} },
      MessageConfiguration: { EmailMessage: { SimpleEmail } },
    };
    await api.client.send(new SendMessagesCommand({ ApplicationId, MessageRequest }));
    mailbox.inject();
    await put('ALL');
    await later(graceMs);
    expect(await rowOf('out@example.com')).toMatchObject({
      state: 'unknown',
      reason: 'ENDPOINT_OPT_OUT',
      settled_at: time,
    });
    expect(await received('out@example.com')).toBe(0);
  });
});

test('a message that was throttled waits for a repeat of its request, and is over when none can come', async () => {
  expect(await send('slow@example.com', [throttled])).toMatchObject({ DeliveryStatus: 'THROTTLED' });
  expect(await later(day - 1)).toBe(0);
  expect(await later(1)).toBe(1);
  expect(await rowOf('slow@example.com')).toMatchObject({ state: 'skipped', rendered: null });
  expect(await received('slow@example.com')).toBe(0);
});
