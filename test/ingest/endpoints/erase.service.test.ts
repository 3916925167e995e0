import {
  CreateCampaignCommand,
  CreateJourneyCommand,
  CreateSegmentCommand,
  CreateSmsTemplateCommand,
  DeleteEndpointCommand,
  DeleteUserEndpointsCommand,
  type EndpointRequest,
  PutEventsCommand,
  SendMessagesCommand,
  SendUsersMessagesCommand,
  UpdateEndpointCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { createSender } from '../../../src/channels/createSender.ts';
import { createUpstream } from '../../../src/channels/upstream/upstreamPinpoint.ts';
import { readConfig } from '../../../src/config.ts';
import { newTimeId } from '../../../src/db/ids.ts';
import { eraseWrittenBeside } from '../../../src/ingest/endpoints/erase.ts';
import { drainDirtyEndpoints } from '../../../src/ingest/entering/journeyMembership.ts';
import { createLog } from '../../../src/log.ts';
import { createApp, useApi } from '../../support/api.ts';
import { useDatabase } from '../../support/database.ts';
import { testSettings } from '../../support/deps.ts';
import { useMailbox } from '../../support/mailbox.ts';
import { whereStands } from '../../support/whereStands.ts';

let ApplicationId: string;

const database = useDatabase();
const mailbox = useMailbox();
const api = useApi(database, () => {
  const config = readConfig({
    ...testSettings,
    REPOINT_UPSTREAM_SES_URL: mailbox.url,
    REPOINT_UPSTREAM_PINPOINT_URL: mailbox.url,
    REPOINT_KEEP_BODIES_DAYS: '30',
  });
  const sender = createSender(config, createLog('silent'));
  return { deps: { config, sender, upstream: createUpstream(config) } };
});
beforeAll(async () => {
  mailbox.pointAt(api.url);
  ApplicationId = await createApp(api.client);
  await api.client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  await publishJourney();
});

/** A journey for everybody with a phone, and a campaign to them, which has sent so far as the run's position says. */
async function publishJourney(): Promise<void> {
  const { client } = api;
  const Dimensions = { Demographic: { Channel: { DimensionType: 'INCLUSIVE' as const, Values: ['SMS'] } } };
  const segment = await client.send(
    new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'Phones', Dimensions } }),
  );
  const SegmentId = segment.SegmentResponse?.Id;
  await client.send(
    new CreateSmsTemplateCommand({ TemplateName: 'hello', SMSTemplateRequest: { Body: 'Hello' } }),
  );
  const WriteJourneyRequest = {
    Name: 'Hello',
    State: 'ACTIVE' as const,
    StartCondition: { SegmentStartCondition: { SegmentId } },
    StartActivity: 'Text',
    Activities: { Text: { SMS: { TemplateName: 'hello' } } },
  };
  await client.send(new CreateJourneyCommand({ ApplicationId, WriteJourneyRequest }));
  const WriteCampaignRequest = { Name: 'Tips', SegmentId, SegmentVersion: 1 };
  await client.send(new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest }));
}

async function putEndpoint(EndpointId: string, EndpointRequest: EndpointRequest): Promise<void> {
  await api.client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId, EndpointRequest }));
  await drainDirtyEndpoints(api.deps);
}

async function sendTo(target: 'Endpoints' | 'Addresses', name: string, Body: string): Promise<void> {
  const to = target === 'Endpoints' ? {} : { ChannelType: 'SMS' as const };
  const MessageConfiguration = { SMSMessage: { Body } };
  const MessageRequest = { [target]: { [name]: to }, Context: { about: Body }, MessageConfiguration };
  await api.client.send(new SendMessagesCommand({ ApplicationId, MessageRequest }));
}

async function hearOfMessagesTo(to: string): Promise<void> {
  for (const { id } of await mailbox.messages({ to })) await mailbox.play(id, 'delivery');
}

async function putEvent(endpointId: string, attribute: string): Promise<void> {
  const Timestamp = new Date().toISOString();
  const Events = { one: { EventType: 'bought', Timestamp, Attributes: { what: attribute } } };
  const EventsRequest = { BatchItem: { [endpointId]: { Endpoint: {}, Events } } };
  await api.client.send(new PutEventsCommand({ ApplicationId, EventsRequest }));
}

/** What stands of somebody after a life with every table that knows people. */
async function live(name: string): Promise<string[]> {
  const [user, phone, tablet, number] = [`${name}user`, `${name}phone`, `${name}tablet`, `+1555${name}`];
  const anonymous = { ChannelType: 'SMS' as const, Address: number };
  // through a journey before there is a user, to its end
  await putEndpoint(phone, { ...anonymous, Attributes: { taste: [`${name}taste`] } });
  await database.db.updateTable('journey_entry').set({ ended_at: new Date(), end_reason: 'done' }).execute();
  const User = { UserId: user, UserAttributes: { FirstName: [`${name}first`] } };
  await putEndpoint(phone, { ...anonymous, User });
  // a tablet that belongs to somebody else afterwards
  await putEndpoint(tablet, { ChannelType: 'SMS', Address: `+1666${name}`, User });
  await sendTo('Endpoints', tablet, 'Hello');
  await putEndpoint(tablet, { User: { UserId: 'heir' } });
  await sendTo('Addresses', number, `${name}text {{Address}}`);
  await hearOfMessagesTo(number);
  await sendTo('Endpoints', phone, `Hello {{User.UserAttributes.FirstName}}`);
  const SendUsersMessageRequest = {
    Users: { [user]: {} },
    MessageConfiguration: { SMSMessage: { Body: 'Hello' } },
  };
  await api.client.send(new SendUsersMessagesCommand({ ApplicationId, SendUsersMessageRequest }));
  await putEvent(phone, `${name}basket`);
  await leaveTraces(phone, number);
  return [user, phone, number, `${name}taste`, `${name}first`, `${name}text`, `${name}basket`];
}

/** What workers leave: positions of runs, a provider's words about an address, and a start that was given up. */
async function leaveTraces(endpointId: string, address: string): Promise<void> {
  const { db } = database;
  await sql`insert into journey_step (app_id, entry_id, step, kind, at, decision, reason)
    select app_id, id, 'Text', 'sms', now(), 'failed', ${`${address} is not verified`} from journey_entry
    where endpoint_id = ${endpointId}`.execute(db);
  await db.updateTable('journey_run').set({ position: endpointId }).execute();
  await sql`insert into campaign_run (app_id, id, campaign_id, campaign_version, state, scheduled_start, started_at, ended_at, position)
    select app_id, ${newTimeId(new Date())}, id, 1, 'COMPLETED', now(), now(), now(), ${endpointId} from campaign`.execute(
    db,
  );
  await sql`insert into outbox_dead (id, kind, app_id, entry_id, workflow_id, payload, attempts, died_at)
    select (random() * 1e12)::bigint, 'enter', app_id, id, 'journey/' || endpoint_id, '{}', 20, now() from journey_entry
    where endpoint_id = ${endpointId}`.execute(db);
}

const owing = async () => {
  const rows = await database.db.selectFrom('outbox').select(['kind', 'workflow_id', 'payload']).execute();
  return rows.filter(({ kind }) => kind === 'delete' || kind === 'erase');
};

test('of a deleted user nothing stands in any table but what is owed to Temporal, and others keep theirs', async () => {
  const others = await live('bea');
  const texts = await live('kim');
  const before = await whereStands(database.db, texts);
  expect(Object.keys(before)).toEqual(
    expect.arrayContaining(['app_user', 'campaign_run', 'endpoint', 'event', 'event_key', 'journey_entry']),
  );
  expect(Object.keys(before)).toEqual(
    expect.arrayContaining(['journey_member', 'journey_run', 'message', 'outbox', 'outbox_dead']),
  );
  const entries = await database.db
    .selectFrom('journey_entry')
    .select('id')
    .where('endpoint_id', 'like', 'kim%')
    .execute();

  await api.client.send(new DeleteUserEndpointsCommand({ ApplicationId, UserId: 'kimuser' }));
  await drainDirtyEndpoints(api.deps);

  expect(Object.keys(await whereStands(database.db, texts))).toEqual(['outbox']);
  const owed = await owing();
  for (const { id } of entries) expect(owed.filter((row) => row.workflow_id.endsWith(id))).toHaveLength(1);
  await database.db.deleteFrom('outbox').where('kind', 'in', ['delete', 'erase']).execute();
  expect(await whereStands(database.db, texts)).toEqual({});
  expect(Object.keys(await whereStands(database.db, others))).toContain('app_user');
});

test('of a deleted endpoint nothing stands either, while its user goes on', async () => {
  await live('ida');
  await putEndpoint('idawatch', { ChannelType: 'SMS', Address: '+1777', User: { UserId: 'idauser' } });
  await api.client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: 'idaphone' }));
  await drainDirtyEndpoints(api.deps);
  const left = await whereStands(database.db, ['+1555ida', 'idataste', 'idatext', 'idabasket']);
  expect(left).toEqual({});
  expect(Object.keys(await whereStands(database.db, ['idafirst']))).toEqual(['app_user']);
});

test('what a send wrote beside the deletion goes a minute later, unless the endpoint has come back', async () => {
  await putEndpoint('liaphone', { ChannelType: 'SMS', Address: '+1555lia' });
  await api.client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: 'liaphone' }));
  await putEvent('liaphone', 'lialate');
  const eraseAgain = () =>
    database.db.transaction().execute((tx) => eraseWrittenBeside(tx, ApplicationId, 'liaphone'));
  await putEndpoint('liaphone', { ChannelType: 'SMS', Address: '+1555lia' });
  await eraseAgain();
  expect(Object.keys(await whereStands(database.db, ['lialate']))).toEqual(['event']);
  await database.db.deleteFrom('endpoint').where('id', '=', 'liaphone').execute();
  await eraseAgain();
  expect(await whereStands(database.db, ['lialate'])).toEqual({});
});
