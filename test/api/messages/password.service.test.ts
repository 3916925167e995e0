import { CreateAppCommand, SendOTPMessageCommand, VerifyOTPMessageCommand } from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSender } from '../../../src/channels/createSender.ts';
import { createUpstream } from '../../../src/channels/upstream/upstreamPinpoint.ts';
import { suppress } from '../../../src/db/people/suppressions.ts';
import { createLog } from '../../../src/log.ts';
import { settleRequests } from '../../../src/sending/settleRequests.ts';
import { startTestApi, type TestApi, testClient } from '../../support/api.ts';
import { cloneDatabase, type TestDatabase } from '../../support/database.ts';
import { startTestMailbox, type TestMailbox } from '../../support/mailbox.ts';
import { markAsSameCall } from '../../support/sameCall.ts';

const graceMs = 900_000;
let database: TestDatabase;
let mailbox: TestMailbox;
let api: TestApi;
let ApplicationId: string;
let time = new Date('2026-03-01T10:00:00Z');

beforeAll(async () => {
  [database, mailbox] = await Promise.all([cloneDatabase(), startTestMailbox()]);
  // no turn is waited for, and the bucket holds the messages of one test and no more
  const config = { ...mailbox.config, REPOINT_SEND_WAIT_SECONDS: 0, REPOINT_SMS_PER_SECOND: 1 };
  const sender = createSender(config, createLog('silent'), { timeoutMs: 1000 });
  const clock = { now: async () => time };
  api = await startTestApi(database, { deps: { config, sender, clock, upstream: createUpstream(config) } });
  mailbox.pointAt(api.url);
});
afterAll(async () => {
  await api.close();
  await mailbox.close();
  await database.drop();
});
beforeEach(async () => {
  mailbox.inject();
  await database.db.deleteFrom('rate_bucket').execute();
  const created = await api.client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'App' } }));
  ApplicationId = created.ApplicationResponse?.Id ?? '';
});

async function send(to: string, client = api.client) {
  const { MessageResponse } = await client.send(
    new SendOTPMessageCommand({
      ApplicationId,
      SendOTPMessageRequestParameters: {
        BrandName: 'Shop',
        Channel: 'SMS',
        DestinationIdentity: to,
        OriginationIdentity: '+15550199',
        ReferenceId: 'login',
      },
    }),
  );
  expect(MessageResponse?.ApplicationId).toBe(ApplicationId);
  return MessageResponse?.Result?.[to];
}

async function ledgerOf(address: string) {
  return await database.db
    .selectFrom('message')
    .select(['state', 'reason', 'channel', 'class', 'step', 'attempt', 'rendered', 'provider_message_id'])
    .where('app_id', '=', ApplicationId)
    .where('address', '=', address)
    .execute();
}

async function codeIn(to: string): Promise<string> {
  const [message] = await mailbox.messages({ to });
  return message?.text?.match(/^\d{6}/)?.[0] ?? '';
}

describe('SendOTPMessage', () => {
  test('sends a code that verifies once, and stands in the ledger without it', async () => {
    const to = '+15550101';
    const result = await send(to);
    expect(result).toMatchObject({ DeliveryStatus: 'SUCCESSFUL', StatusCode: 200 });
    expect(await ledgerOf(to)).toEqual([
      {
        ...{ state: 'sent', reason: null, channel: 'SMS', class: 'transactional', step: 'send-otp' },
        ...{ attempt: 1, rendered: null, provider_message_id: result?.MessageId },
      },
    ]);
    const verify = async (Otp: string) => {
      const answer = await api.client.send(
        new VerifyOTPMessageCommand({
          ApplicationId,
          VerifyOTPMessageRequestParameters: { DestinationIdentity: to, Otp, ReferenceId: 'login' },
        }),
      );
      return answer.VerificationResponse?.Valid;
    };
    const code = await codeIn(to);
    expect(await verify('wrong')).toBe(false);
    expect(await verify(code)).toBe(true);
    expect(await verify(code)).toBe(false);
  });

  test("is settled by the provider's report, which knows it by the provider's id alone", async () => {
    const to = '+15550102';
    await send(to);
    const [message] = await mailbox.messages({ to });
    await mailbox.play(message?.id ?? '', 'delivery');
    expect(await ledgerOf(to)).toMatchObject([{ state: 'delivered' }]);
  });

  test('takes its turn among all SMS: beyond the rate it is a 429 that reaches nobody', async () => {
    const sent = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => send(`+1555020${index}`)));
    const refused = sent.filter((one) => one.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ name: 'TooManyRequestsException' });
    const received = (await mailbox.messages()).filter(({ to }) => to.startsWith('+1555020'));
    expect(received).toHaveLength(8 - refused.length);
  });

  test('goes to nobody who said STOP', async () => {
    const to = '+15550103';
    await suppress(database.db, [
      { channel: 'SMS', address: to, reason: 'OPT_OUT', source: 'feedback', since: time },
    ]);
    expect(await send(to)).toMatchObject({ DeliveryStatus: 'OPT_OUT', StatusCode: 400 });
    expect(await ledgerOf(to)).toMatchObject([{ state: 'skipped', reason: 'SUPPRESSED' }]);
    expect(await mailbox.messages({ to })).toEqual([]);
  });

  test("a client's own retry sends no second code", async () => {
    const to = '+15550104';
    const client = testClient(api.url);
    markAsSameCall(client, '6a1f7c52-7a3a-4c5e-9d53-0d3f6a3f6f11');
    mailbox.inject(({ number }) => (number === 1 ? { kind: 'drop' } : undefined));
    const first = await send(to, client);
    const again = await send(to, client);
    client.destroy();
    expect(again).toEqual(first);
    expect(await mailbox.messages({ to })).toHaveLength(1);
  });

  test.each([
    [{ kind: 'status', status: 400, code: 'BadRequestException' }, 'BadRequestException', 'failed'],
    [{ kind: 'status', status: 403, code: 'ForbiddenException' }, 'ForbiddenException', 'failed'],
    [{ kind: 'status', status: 429, code: 'TooManyRequestsException' }, 'TooManyRequestsException', 'queued'],
  ] as const)('%j of the provider is %s, and %s in the ledger', async (fault, name, state) => {
    const to = `+1555030${name.length}`;
    mailbox.inject(() => fault);
    await expect(send(to)).rejects.toMatchObject({ name });
    expect(await ledgerOf(to)).toMatchObject([{ state }]);
  });

  test("Pinpoint's word about the number is answered as it came", async () => {
    const to = '+15550105';
    mailbox.inject(() => ({ kind: 'result', deliveryStatus: 'PERMANENT_FAILURE', statusCode: 400 }));
    expect(await send(to)).toMatchObject({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400 });
    expect(await ledgerOf(to)).toMatchObject([{ state: 'failed' }]);
  });

  test('one whose outcome nobody knows is never sent again: it would be another code', async () => {
    const to = '+15550106';
    mailbox.inject(() => ({ kind: 'drop' }));
    await expect(send(to)).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
    expect(await ledgerOf(to)).toMatchObject([{ state: 'unknown', reason: 'ECONNRESET' }]);
    mailbox.inject();
    await database.db.deleteFrom('rate_bucket').execute();
    time = new Date(time.getTime() + graceMs + 1000);
    await settleRequests(api.deps);
    expect(await ledgerOf(to)).toMatchObject([{ state: 'unknown', reason: 'PASSWORD_NOT_REPEATED' }]);
    expect(await mailbox.messages({ to })).toHaveLength(1);
  });
});
