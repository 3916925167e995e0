import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createSender } from '../../../src/channels/createSender.ts';
import type { MailboxMessage } from '../../../src/channels/mailbox/message.ts';
import { insertApp } from '../../../src/db/apps.ts';
import { newTimeId } from '../../../src/db/ids.ts';
import { createLog } from '../../../src/log.ts';
import { claim } from '../../../src/sending/claim.ts';
import type { CallClaim, MessageOwner } from '../../../src/sending/ledger.ts';
import { recordOutcome } from '../../../src/sending/recordOutcome.ts';
import { useApi } from '../../support/api.ts';
import { useDatabase } from '../../support/database.ts';
import { useMailbox } from '../../support/mailbox.ts';
import { anEmail, anSms } from '../../support/outgoing.ts';

const appId = anEmail().appId;
const log = createLog('silent');

const database = useDatabase();
const mailbox = useMailbox();
const api = useApi(database, () => ({ deps: { config: mailbox.config } }));
beforeAll(async () => {
  mailbox.pointAt(api.url);
  const now = new Date();
  await insertApp(database.db, { id: appId, name: 'Shop', tags: {} }, now);
});
beforeEach(() => {
  mailbox.inject();
});

interface Sent {
  readonly owner: MessageOwner;
  readonly call: CallClaim;
  readonly mail: MailboxMessage;
}

let sends = 0;

/** Claims and sends one message as a journey's step does; the answer is recorded unless it got lost. */
async function sendOne(channel: 'EMAIL' | 'SMS' = 'EMAIL'): Promise<Sent> {
  const now = new Date();
  const owner: MessageOwner = {
    appId,
    owner: newTimeId(now),
    kind: 'entry',
    step: 'WelcomeEmail',
    channel,
    class: 'marketing',
    journeyId: 'journey1',
    graceMs: 900_000,
  };
  sends += 1;
  // an address of its own: one that bounced is not written to again
  const address = channel === 'EMAIL' ? `ann${sends}@example.com` : `+1555010${sends}`;
  const recipient = {
    recipient: 'ann',
    endpointId: 'ann',
    participant: 'u:ann',
    channelType: channel,
    address,
  };
  const [call] = await database.db
    .transaction()
    .execute((tx) => claim(tx, owner, [recipient], { logical: now, real: now }));
  if (call?.kind !== 'call') throw new Error(`expected a call, got ${call?.kind}`);
  const { messageId } = call;
  const message =
    channel === 'EMAIL' ? anEmail({ messageId, to: address }) : anSms({ messageId, to: address });
  const outcome = await createSender(mailbox.config, log).send(message);
  await recordOutcome(database.db, owner, call, outcome, now);
  const mail = (await mailbox.messages()).at(-1);
  if (mail === undefined) throw new Error('nothing arrived');
  return { owner, call, mail };
}

function ledgerOf({ owner, call }: Sent) {
  return database.db
    .selectFrom('message')
    .select(['state', 'reason'])
    .where('app_id', '=', appId)
    .where('owner', '=', owner.owner)
    .where('seq', '=', call.seq)
    .executeTakeFirstOrThrow();
}

function eventsOf({ owner }: Sent) {
  return database.db
    .selectFrom('event')
    .select(['type', 'endpoint_id', 'attributes', 'message_seq'])
    .where('app_id', '=', appId)
    .where('message_owner', '=', owner.owner)
    .orderBy('received_at')
    .execute();
}

it("settles a send whose answer was lost by SES's own send notification", async () => {
  mailbox.inject(() => ({ kind: 'drop' }));
  expect(await ledgerOf(await sendOne())).toMatchObject({ state: 'sent' });
});

it('settles what is played back, and stores each as one event of the endpoint and its journey', async () => {
  const sent = await sendOne();
  await mailbox.play(sent.mail.id, 'delivery');
  expect(await ledgerOf(sent)).toMatchObject({ state: 'delivered' });
  await mailbox.play(sent.mail.id, 'open');
  await mailbox.play(sent.mail.id, 'click', 'https://shop.example/');
  expect((await mailbox.messages()).at(-1)?.status).toBe('clicked');
  const events = await eventsOf(sent);
  expect(events.map((event) => event.type)).toEqual([
    '_email.send',
    '_email.delivered',
    '_email.open',
    '_email.click',
  ]);
  expect(events.at(-1)).toMatchObject({
    endpoint_id: 'ann',
    message_seq: sent.call.seq,
    attributes: {
      feedback: 'https://shop.example/',
      journey_id: 'journey1',
      journey_activity_id: 'WelcomeEmail',
    },
  });
});

it.each([
  ['bounce', '_email.hardbounce', { state: 'failed', reason: 'BOUNCE: Permanent General' }],
  ['reject', '_email.rejected', { state: 'failed', reason: 'REJECT: Bad content' }],
  ['complaint', '_email.complaint', { state: 'delivered' }],
] as const)('a %s is told as %s', async (event, type, ledger) => {
  const sent = await sendOne();
  await mailbox.play(sent.mail.id, event);
  expect(await ledgerOf(sent)).toMatchObject(ledger);
  expect((await eventsOf(sent)).at(-1)?.type).toBe(type);
});

it("settles an SMS by the upstream app's record", async () => {
  const sent = await sendOne('SMS');
  await mailbox.play(sent.mail.id, 'delivery');
  expect(await ledgerOf(sent)).toMatchObject({ state: 'delivered' });
  expect((await eventsOf(sent)).map((event) => event.type)).toEqual(['_SMS.SUCCESS']);
});

it('answers 200 and stores nothing for a message that is in no ledger', async () => {
  const events = () => database.db.selectFrom('event').select('id').execute();
  const before = await events();
  await createSender(mailbox.config, log).send(anEmail());
  const stranger = (await mailbox.messages()).at(-1);
  await mailbox.play(stranger?.id ?? '', 'open');
  expect(await events()).toEqual(before);
});

it('refuses a body that SNS did not sign', async () => {
  const answer = await fetch(`${api.url}/webhooks/ses`, { method: 'POST', body: '{"Type":"Notification"}' });
  expect(answer.status).toBe(400);
});

it('the mailbox plays a STOP and a START that answer an SMS', async () => {
  const sent = await sendOne('SMS');
  const now = new Date();
  const endpoint = { app_id: appId, id: 'phone', channel_type: 'SMS', address: sent.mail.to };
  const rest = { status: 'ACTIVE', opt_out: 'NONE', cohort: 1 };
  const times = { effective_date: now, created_at: now, updated_at: now };
  await database.db
    .insertInto('endpoint')
    .values({ ...endpoint, ...rest, ...times })
    .execute();
  const optOut = async () =>
    (
      await database.db
        .selectFrom('endpoint')
        .select('opt_out')
        .where('app_id', '=', appId)
        .where('id', '=', 'phone')
        .executeTakeFirstOrThrow()
    ).opt_out;
  await mailbox.play(sent.mail.id, 'stop');
  expect(await optOut()).toBe('ALL');
  expect((await mailbox.messages()).at(-1)?.status).toBe('stopped');
  await mailbox.play(sent.mail.id, 'start');
  expect(await optOut()).toBe('NONE');
});
