import { CreateJourneyCommand, PutEventStreamCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { SendOutcome } from '../../src/channels/channel.ts';
import type { StreamItem } from '../../src/channels/streams/streamDoor.ts';
import { newTimeId } from '../../src/db/ids.ts';
import type { Deps } from '../../src/deps.ts';
import { takeNotification } from '../../src/ingest/feedback/takeNotification.ts';
import { claim } from '../../src/sending/claim.ts';
import type { CallClaim, MessageOwner } from '../../src/sending/ledger.ts';
import { recordSkip } from '../../src/sending/record.ts';
import { recordOutcome } from '../../src/sending/recordOutcome.ts';
import { sendStreams } from '../../src/streams/sendStreams.ts';
import { createApp, useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';
import { testDeps } from '../support/deps.ts';

let appId: string;
let journeyId: string;
let got: { event_type: string }[] = [];

const database = useDatabase();
const api = useApi(database);
beforeAll(async () => {
  appId = await createApp(api.client);
  await api.client.send(
    new PutEventStreamCommand({
      ApplicationId: appId,
      WriteEventStream: {
        DestinationStreamArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/events',
        RoleArn: 'arn:aws:iam::123456789012:role/Stream',
      },
    }),
  );
  const { JourneyResponse } = await api.client.send(
    new CreateJourneyCommand({ ApplicationId: appId, WriteJourneyRequest: { Name: 'Welcome' } }),
  );
  journeyId = JourneyResponse?.Id ?? '';
  const EndpointRequest = { ChannelType: 'EMAIL', Address: 'ann@example.com' } as const;
  await api.client.send(
    new UpdateEndpointCommand({ ApplicationId: appId, EndpointId: 'ann', EndpointRequest }),
  );
});
beforeEach(() => {
  got = [];
});

/** What the far end gets when everything that waits is sent. */
async function told(): Promise<typeof got> {
  const put = async (items: readonly StreamItem[]) => {
    got.push(...items.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString('utf8'))));
    return { taken: new Set(items.map(({ id }) => id)), failure: null, isUnfit: false };
  };
  const limits = { records: 500, bytes: 1e6, recordBytes: 1e6 };
  const openStream: Deps['openStream'] = () => ({ limits, isAtomic: true, put });
  await sendStreams(testDeps(database.db, { openStream }));
  return got;
}

const now = new Date();
const ann = {
  recipient: 'ann',
  endpointId: 'ann',
  participant: 'e:ann',
  channelType: 'EMAIL',
  address: 'ann@example.com',
};
function ownerOf(
  origin: { journeyId?: string; campaignId?: string },
  kind: MessageOwner['kind'],
): MessageOwner {
  const owner = { appId, owner: newTimeId(now), step: 'Welcome', graceMs: 0 } as const;
  return { ...owner, kind, channel: 'EMAIL', class: 'marketing', ...origin };
}
async function claimed(owner: MessageOwner): Promise<CallClaim> {
  const [call] = await database.db
    .transaction()
    .execute((tx) => claim(tx, owner, [ann], { logical: now, real: now }));
  if (call?.kind !== 'call') throw new Error(`expected a call, got ${call?.kind}`);
  return call;
}
const accepted: SendOutcome = { kind: 'accepted', providerMessageId: 'ses-1' };

const channelEnvelope = () => ({
  event_timestamp: expect.any(Number),
  arrival_timestamp: expect.any(Number),
  event_version: '3.1',
  application: { app_id: appId, sdk: {} },
  client: { client_id: 'ann' },
  device: { platform: {} },
  session: {},
  awsAccountId: '000000000000',
});
const endpointContext = {
  client_context: { custom: { endpoint: expect.stringContaining('"ChannelType":"EMAIL"') } },
};

/** The owner of a step's messages, whose participant entered the journey by a run. */
async function entered(runId: string): Promise<MessageOwner> {
  const owner = ownerOf({ journeyId }, 'entry');
  const of = { app_id: appId, journey_id: journeyId, endpoint_id: 'ann', participant: 'e:ann' };
  await database.db
    .insertInto('journey_entry')
    .values({ ...of, id: owner.owner, cause: `run:${runId}`, run_id: runId, entered_at: now, ended_at: now })
    .execute();
  return owner;
}

it('tells of each attempt of a journey’s message, and what it came to', async () => {
  const owner = await entered('run1');
  const first = await claimed(owner);
  await recordOutcome(database.db, owner, first, { kind: 'throttled', reason: 'TooMany' }, now);
  await recordOutcome(database.db, owner, await claimed(owner), accepted, now);
  const of = {
    ...{ journey_id: journeyId, journey_run_id: 'run1' },
    ...{ journey_activity_id: 'Welcome', journey_activity_type: 'EMAIL' },
  };
  expect(await told()).toEqual([
    {
      ...channelEnvelope(),
      ...endpointContext,
      event_type: '_journey.send',
      attributes: {
        ...of,
        journey_send_status: 'THROTTLED',
        journey_send_status_code: '429',
        journey_send_status_message: 'TooMany',
      },
    },
    {
      ...channelEnvelope(),
      ...endpointContext,
      event_type: '_journey.send',
      attributes: {
        ...of,
        journey_send_status: 'SUCCESS',
        journey_send_status_code: '200',
        journey_send_status_message: '200',
      },
    },
  ]);
});

it('tells of a campaign’s message, and once of who was passed over', async () => {
  const owner = ownerOf({ campaignId: 'c1' }, 'campaign');
  await recordOutcome(database.db, owner, await claimed(owner), accepted, now);
  const skipping = ownerOf({ campaignId: 'c2' }, 'campaign');
  for (let time = 0; time < 2; time += 1)
    await database.db.transaction().execute((tx) => recordSkip(tx, skipping, ann, 'DAILY_CAP', now));
  const attributes = (of: MessageOwner, status: string) => ({
    treatment_id: '0',
    campaign_activity_id: of.owner.replaceAll('-', ''),
    delivery_type: 'EMAIL',
    campaign_id: of.campaignId,
    campaign_send_status: status,
  });
  expect(await told()).toEqual([
    {
      ...channelEnvelope(),
      ...endpointContext,
      event_type: '_campaign.send',
      attributes: attributes(owner, 'SUCCESS'),
    },
    {
      ...channelEnvelope(),
      ...endpointContext,
      event_type: '_campaign.send',
      attributes: attributes(skipping, 'DAILY_CAP'),
    },
  ]);
});

it('tells nothing of its own of a transactional message', async () => {
  const owner = ownerOf({}, 'request');
  await recordOutcome(database.db, owner, await claimed(owner), accepted, now);
  expect(await told()).toEqual([]);
});

it('tells what SES reports with the facets of the e-mail, which are kept nowhere else', async () => {
  const { messageId } = await claimed(await entered('run2'));
  const sesEvent = {
    eventType: 'Open',
    mail: {
      timestamp: '2030-01-01T00:00:00.000Z',
      messageId: 'ses-1',
      source: 'shop@example.com',
      destination: ['ann@example.com'],
      tags: { 'repoint-message': [messageId], 'repoint-app': [appId] },
    },
    open: { timestamp: '2030-01-01T01:00:00.000Z', ipAddress: '10.0.0.1', userAgent: 'Reader' },
  };
  const deps = testDeps(database.db);
  expect(await takeNotification(deps, JSON.stringify(sesEvent), new Date())).toBe('recorded');
  expect(await told()).toEqual([
    {
      ...channelEnvelope(),
      event_type: '_email.open',
      event_timestamp: Date.parse('2030-01-01T00:00:00.000Z'),
      attributes: {
        feedback: 'opened',
        journey_id: journeyId,
        journey_run_id: 'run2',
        journey_activity_id: 'Welcome',
      },
      client_context: { custom: { legacy_identifier: appId } },
      facets: {
        email_channel: {
          mail_event: {
            mail: expect.objectContaining({ message_id: 'ses-1', destination: ['ann@example.com'] }),
            open: { ip_address: '10.0.0.1', user_agent: 'Reader' },
          },
        },
      },
    },
  ]);
  const events = await database.db.selectFrom('event').selectAll().where('app_id', '=', appId).execute();
  expect(events).toMatchObject([{ attributes: { journey_run_id: 'run2' } }]);
  expect(JSON.stringify(events)).not.toContain('ann@example.com');
});

it('tells what Pinpoint reports of an SMS with its numbers, price and the caller’s context', async () => {
  const owner = ownerOf({ campaignId: 'c1' }, 'campaign');
  const { messageId } = await claimed(owner);
  const context = { repoint_message: messageId, repoint_app: appId, campaign_id: 'c1', order: '7' };
  const record = {
    event_type: '_SMS.SUCCESS',
    event_timestamp: Date.parse('2030-01-01T00:00:00.000Z'),
    attributes: {
      message_id: 'sms-1',
      destination_phone_number: '+15550100',
      record_status: 'DELIVERED',
      customer_context: JSON.stringify(context),
    },
    metrics: { price_in_millicents_usd: 645 },
  };
  await takeNotification(testDeps(database.db), JSON.stringify(record), new Date());
  expect(await told()).toMatchObject([
    {
      event_type: '_SMS.SUCCESS',
      event_timestamp: record.event_timestamp,
      attributes: {
        message_id: 'sms-1',
        destination_phone_number: '+15550100',
        record_status: 'DELIVERED',
        campaign_id: 'c1',
        treatment_id: '0',
        campaign_activity_id: owner.owner.replaceAll('-', ''),
        customer_context: '{"order":"7"}',
      },
      metrics: { price_in_millicents_usd: 645 },
    },
  ]);
});

it('tells of an SMS and of a STOP by which run its reader had entered the journey', async () => {
  const owner = await entered('run3');
  await recordOutcome(database.db, owner, await claimed(owner), accepted, now);
  const record = {
    event_type: '_SMS.OPTOUT',
    event_timestamp: now.getTime(),
    attributes: { message_id: 'sms-2', record_status: 'OPTED_OUT' },
  };
  await database.db
    .updateTable('message')
    .set({ channel: 'SMS', provider_message_id: 'sms-2' })
    .where('owner', '=', owner.owner)
    .execute();
  await takeNotification(testDeps(database.db), JSON.stringify(record), new Date());
  expect((await told()).at(-1)).toMatchObject({
    event_type: '_SMS.OPTOUT',
    attributes: { journey_id: journeyId, journey_run_id: 'run3', journey_activity_id: 'Welcome' },
  });
});
