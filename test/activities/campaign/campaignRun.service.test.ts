import {
  CreateAppCommand,
  CreateCampaignCommand,
  CreateEmailTemplateCommand,
  DeleteCampaignCommand,
  GetCampaignActivitiesCommand,
  GetCampaignCommand,
  UpdateApplicationSettingsCommand,
  UpdateCampaignCommand,
  UpdateEmailChannelCommand,
  UpdateEmailTemplateCommand,
  type WriteApplicationSettingsRequest,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { ApplicationFailure } from '@temporalio/common';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCampaignRunActivities } from '../../../src/activities/campaign/campaignRun.ts';
import type { CampaignPage } from '../../../src/activities/campaign/campaignRunActivities.ts';
import type { Sender } from '../../../src/channels/channel.ts';
import { createCustomChannel } from '../../../src/channels/createCustomChannel.ts';
import { createSender } from '../../../src/channels/createSender.ts';
import { createLog } from '../../../src/log.ts';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { addEndpoint, addEveryone } from '../../support/audience.ts';
import { cloneDatabase, type TestDatabase } from '../../support/database.ts';
import { startTestMailbox, type TestMailbox } from '../../support/mailbox.ts';

let database: TestDatabase;
let mailbox: TestMailbox;
let api: TestApi;
let appId: string;
const clock = { time: new Date(), now: async () => clock.time };

beforeAll(async () => {
  database = await cloneDatabase();
  mailbox = await startTestMailbox();
  const sender = createSender(mailbox.config, createLog('silent'));
  const customChannel = createCustomChannel(mailbox.config, createLog('silent'));
  api = await startTestApi(database, { deps: { clock, sender, customChannel, config: mailbox.config } });
  mailbox.pointAt(api.url);
});
afterAll(async () => {
  await api.close();
  await mailbox.close();
  await database.drop();
});

beforeEach(async () => {
  clock.time = new Date('2026-03-01T12:00:00Z');
  mailbox.inject();
  const created = await api.client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'Shop' } }));
  appId = created.ApplicationResponse?.Id ?? '';
  const EmailChannelRequest = { FromAddress: 'shop@example.com', Identity: 'arn', Enabled: true };
  await api.client.send(new UpdateEmailChannelCommand({ ApplicationId: appId, EmailChannelRequest }));
  await addEveryone(database.db, appId, 'everyone');
});

const email = { EmailMessage: { Title: 'Tips', HtmlBody: '<p>Hello {{Attributes.Name}}</p>' } };
const now: WriteCampaignRequest = {
  Name: 'Tips',
  SegmentId: 'everyone',
  MessageConfiguration: email,
  Schedule: { StartTime: 'IMMEDIATE' },
};

async function create(request: WriteCampaignRequest = {}): Promise<string> {
  const command = { ApplicationId: appId, WriteCampaignRequest: { ...now, ...request } };
  return (await api.client.send(new CreateCampaignCommand(command))).CampaignResponse?.Id ?? '';
}

async function update(campaignId: string, request: WriteCampaignRequest) {
  const command = { ApplicationId: appId, CampaignId: campaignId, WriteCampaignRequest: request };
  await api.client.send(new UpdateCampaignCommand(command));
}

function activities(sender: Sender = api.deps.sender) {
  return createCampaignRunActivities({ ...api.deps, sender });
}

async function open(campaignId: string, version = 1) {
  const opening = await activities().openCampaignRun({ appId, campaignId, version });
  if (opening.is !== 'open') throw new Error(`expected an open run, got ${opening.is}`);
  return { appId, campaignId, version, runId: opening.runId };
}

type Run = Awaited<ReturnType<typeof open>>;

/** Runs a version to its end as the workflow does. */
async function runToEnd(run: Run): Promise<CampaignPage['is']> {
  for (;;) {
    const { is } = await activities().sendCampaignPage(run);
    if (is === 'stopped') return is;
    if (is === 'more') continue;
    await activities().closeCampaignRun({ ...run, end: is });
    return is;
  }
}

async function activity(campaignId: string) {
  const key = { ApplicationId: appId, CampaignId: campaignId };
  const { ActivitiesResponse } = await api.client.send(new GetCampaignActivitiesCommand(key));
  return ActivitiesResponse?.Item?.[0];
}

async function status(campaignId: string) {
  const key = { ApplicationId: appId, CampaignId: campaignId };
  const { CampaignResponse } = await api.client.send(new GetCampaignCommand(key));
  return CampaignResponse?.State?.CampaignStatus;
}

async function received(campaignId: string): Promise<string[]> {
  const messages = await mailbox.messages();
  return messages.filter((message) => message.campaignId === campaignId).map((message) => message.to);
}

async function failure(promise: Promise<unknown>): Promise<ApplicationFailure> {
  const reason = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (reason instanceof ApplicationFailure) return reason;
  throw new Error(`expected an ApplicationFailure, got ${String(reason)}`);
}

describe('a run', () => {
  test('sends to each endpoint of the segment whose channel has content, and tells what happened', async () => {
    await addEndpoint(database.db, appId, 'ann', { attributes: { Name: ['Ann'] } });
    await addEndpoint(database.db, appId, 'bob');
    await addEndpoint(database.db, appId, 'phone', { channelType: 'APNS', address: 'token' });
    const campaignId = await create();
    expect(await status(campaignId)).toBe('SCHEDULED');
    const run = await open(campaignId);
    expect(await status(campaignId)).toBe('EXECUTING');
    clock.time = new Date('2026-03-01T12:00:05Z');
    expect(await runToEnd(run)).toBe('finished');
    expect(await received(campaignId)).toEqual(['ann@example.com', 'bob@example.com']);
    const [message] = await mailbox.messages({ to: 'ann@example.com' });
    expect(message).toMatchObject({
      from: 'shop@example.com',
      subject: 'Tips',
      html: '<p>Hello Ann</p>',
      endpointId: 'ann',
      activityId: run.runId.replaceAll('-', ''),
    });
    expect(await status(campaignId)).toBe('COMPLETED');
    expect(await activity(campaignId)).toMatchObject({
      TreatmentId: '0',
      State: 'COMPLETED',
      Result: 'SUCCESS',
      ScheduledStart: '2026-03-01T12:00:00.000Z',
      Start: '2026-03-01T12:00:00.000Z',
      End: '2026-03-01T12:00:05.000Z',
      TotalEndpointCount: 2,
      SuccessfulEndpointCount: 2,
      TimezonesTotalCount: 1,
      TimezonesCompletedCount: 1,
      ExecutionMetrics: { sent: '2' },
    });
  });

  test('waits for its start, and is nobody’s affair once a newer version exists', async () => {
    const campaignId = await create({ Schedule: { StartTime: '2026-03-01T13:00:00Z' } });
    const input = { appId, campaignId, version: 1 };
    expect(await activities().openCampaignRun(input)).toEqual({
      is: 'wait',
      until: Date.parse('2026-03-01T13:00:00Z'),
    });
    await update(campaignId, { Name: 'Renamed' });
    clock.time = new Date('2026-03-01T13:00:00Z');
    expect(await activities().openCampaignRun(input)).toEqual({ is: 'stopped' });
    expect((await activities().openCampaignRun({ ...input, version: 2 })).is).toBe('open');
  });

  test('writes down why somebody gets nothing', async () => {
    await addEndpoint(database.db, appId, 'a-first', { address: 'shared@example.com' });
    await addEndpoint(database.db, appId, 'b-same-address', { address: 'shared@example.com' });
    await addEndpoint(database.db, appId, 'c-opted-out', { optOut: 'ALL' });
    await addEndpoint(database.db, appId, 'd-inactive', { status: 'INACTIVE' });
    await addEndpoint(database.db, appId, 'e-phone', { channelType: 'SMS', address: '+15550100' });
    const campaignId = await create({
      MessageConfiguration: { ...email, SMSMessage: { Body: 'Tips' } },
    });
    await runToEnd(await open(campaignId));
    expect(await received(campaignId)).toEqual(['shared@example.com']);
    expect(await activity(campaignId)).toMatchObject({
      TotalEndpointCount: 5,
      SuccessfulEndpointCount: 1,
      ExecutionMetrics: {
        sent: '1',
        'skipped DUPLICATE_ADDRESS': '1',
        'skipped ENDPOINT_OPT_OUT': '1',
        'skipped ENDPOINT_INACTIVE': '1',
        'skipped CHANNEL_DISABLED': '1',
      },
    });
  });

  describe('with a custom channel', () => {
    const uri = 'https://hook.example.com/tips';
    const custom: WriteCampaignRequest = {
      CustomDeliveryConfiguration: { DeliveryUri: uri, EndpointTypes: ['CUSTOM', 'EMAIL'] },
      MessageConfiguration: { CustomMessage: { Data: 'tips' } },
      Limits: { MessagesPerSecond: 1000 },
    };
    const people = (count: number) =>
      Array.from({ length: count }, (_, index) => `p${String(index).padStart(2, '0')}`);

    test('tells it of its endpoints together, fifty at the most, and keeps what it answers', async () => {
      await addEndpoint(database.db, appId, 'ann', { attributes: { Name: ['Ann'] } });
      for (const id of people(51))
        await addEndpoint(database.db, appId, id, { channelType: 'CUSTOM', address: id });
      await mailbox.answerCustom(uri, { Tier: 'gold' });
      const campaignId = await create(custom);
      const run = await open(campaignId);
      expect(await runToEnd(run)).toBe('finished');
      const told = (await mailbox.messages({ channel: 'CUSTOM' })).filter(
        (message) => message.campaignId === campaignId,
      );
      const payloads = [...new Set(told.map(({ body }) => body ?? ''))].map((body) => JSON.parse(body));
      expect(payloads.map(({ Endpoints }) => Object.keys(Endpoints).length)).toEqual([50, 2]);
      const ActivityId = run.runId.replaceAll('-', '');
      expect(payloads[0]).toMatchObject({
        ...{ Message: {}, Data: 'tips', ApplicationId: appId, CampaignId: campaignId, TreatmentId: '0' },
        ...{ ActivityId, ScheduledTime: '2026-03-01T12:00:00.000Z' },
      });
      expect(payloads[0]).not.toHaveProperty('JourneyId');
      expect(payloads[0].Endpoints.ann).toMatchObject({
        ...{ ChannelType: 'EMAIL', Address: 'ann@example.com', Attributes: { Name: ['Ann'] } },
      });
      expect(await activity(campaignId)).toMatchObject({ ExecutionMetrics: { sent: '52' } });
      const answer = await database.db
        .selectFrom('event')
        .select('attributes')
        .where('app_id', '=', appId)
        .where('endpoint_id', '=', 'ann')
        .where('type', '=', '_custom.response')
        .executeTakeFirst();
      expect(answer?.attributes).toEqual({
        ...{ Tier: 'gold', campaign_id: campaignId, campaign_activity_id: ActivityId, treatment_id: '0' },
      });
    });

    test.each([
      [{ kind: 'status', status: 404, code: 'Gone' }, 'failed'],
      [{ kind: 'drop' }, 'unknown'],
    ] as const)('%j is %s, for each endpoint of the call', async (fault, outcome) => {
      for (const id of people(3))
        await addEndpoint(database.db, appId, id, { channelType: 'CUSTOM', address: id });
      mailbox.inject(() => fault);
      const campaignId = await create(custom);
      expect(await runToEnd(await open(campaignId))).toBe('finished');
      expect(await activity(campaignId)).toMatchObject({ ExecutionMetrics: { [outcome]: '3' } });
    });

    test('that cannot be reached now is asked again, and nobody is lost or told of twice', async () => {
      await addEndpoint(database.db, appId, 'p1', { channelType: 'CUSTOM', address: 'p1' });
      const busy = { kind: 'status', status: 429, code: 'TooMany', retryAfter: '7' } as const;
      mailbox.inject(() => busy);
      const campaignId = await create(custom);
      const run = await open(campaignId);
      expect(await failure(activities().sendCampaignPage(run))).toMatchObject({ nextRetryDelay: 7000 });
      mailbox.inject();
      expect(await runToEnd(run)).toBe('finished');
      expect(await received(campaignId)).toEqual(['p1']);
    });
  });

  test('an address in two chunks is written to once', async () => {
    await addEndpoint(database.db, appId, 'a', { address: 'shared@example.com' });
    await addEndpoint(database.db, appId, 'b', { address: 'shared@example.com' });
    // one message a second: each member is a chunk of its own
    const campaignId = await create({ Limits: { MessagesPerSecond: 1 } });
    await runToEnd(await open(campaignId));
    expect(await received(campaignId)).toEqual(['shared@example.com']);
  });

  test('reaches a member who comes after ten thousand endpoints that are none', async () => {
    await sql`insert into endpoint (app_id, id, channel_type, address, status, opt_out, cohort, effective_date, created_at, updated_at)
      select ${appId}, 'a' || n, 'SMS', n::text, 'ACTIVE', 'NONE', 0, ${clock.time}, ${clock.time}, ${clock.time}
      from generate_series(1, 10500) n`.execute(database.db);
    await addEndpoint(database.db, appId, 'last');
    const campaignId = await create();
    expect(await runToEnd(await open(campaignId))).toBe('finished');
    expect(await received(campaignId)).toEqual(['last@example.com']);
  });

  test('keeps to MessagesPerSecond', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await addEndpoint(database.db, appId, id);
    const campaignId = await create({ Limits: { MessagesPerSecond: 2 } });
    const began = performance.now();
    await runToEnd(await open(campaignId));
    expect(performance.now() - began).toBeGreaterThanOrEqual(1900);
  });

  test('sends a template, its version named by nobody being the active one', async () => {
    await addEndpoint(database.db, appId, 'ann');
    await api.client.send(
      new CreateEmailTemplateCommand({
        TemplateName: 'tips',
        EmailTemplateRequest: {
          Subject: 'From the template',
          HtmlPart: '<p>{{Attributes.Name}}</p>',
          DefaultSubstitutions: '{"Attributes":{"Name":"friend"}}',
        },
      }),
    );
    const campaignId = await create({
      MessageConfiguration: { EmailMessage: { FromAddress: 'team@example.com' } },
      TemplateConfiguration: { EmailTemplate: { Name: 'tips' } },
    });
    await runToEnd(await open(campaignId));
    const message = (await mailbox.messages()).find((each) => each.campaignId === campaignId);
    expect(message).toMatchObject({
      from: 'team@example.com',
      subject: 'From the template',
      html: '<p>friend</p>',
    });
    const row = database.db.selectFrom('message').select(['template_name', 'template_version', 'rendered']);
    expect(await row.where('campaign_id', '=', campaignId).execute()).toEqual([
      { template_name: 'tips', template_version: 1, rendered: null },
    ]);
    await api.client.send(
      new UpdateEmailTemplateCommand({
        TemplateName: 'tips',
        CreateNewVersion: true,
        EmailTemplateRequest: { Subject: 'Not active', TextPart: '{{upper Attributes.Name}}' },
      }),
    );
    const TemplateConfiguration = { EmailTemplate: { Name: 'tips', Version: '2' } };
    const pinned = await create({ MessageConfiguration: undefined, TemplateConfiguration });
    await runToEnd(await open(pinned));
    expect((await mailbox.messages()).find((each) => each.campaignId === pinned)).toMatchObject({
      subject: 'Not active',
      from: 'shop@example.com',
    });
  });

  test('whose inline text does not compile is refused when it is made, with each place', async () => {
    const EmailMessage = { Title: '{{#if}}', Body: 'Hello {{Attributes.Name}}' };
    const MessageConfiguration = { EmailMessage, SMSMessage: { Body: '{{exec "ls"}}' } };
    await expect(create({ MessageConfiguration })).rejects.toThrow(
      /MessageConfiguration.EmailMessage.Title: Parse error.*MessageConfiguration.SMSMessage.Body: unknown helper exec/s,
    );
  });

  test('skips everybody where the template does not exist, and a text that cannot be rendered', async () => {
    await addEndpoint(database.db, appId, 'ann');
    const missing = await create({ TemplateConfiguration: { EmailTemplate: { Name: 'nothing' } } });
    await runToEnd(await open(missing));
    expect((await activity(missing))?.ExecutionMetrics).toEqual({ 'skipped TEMPLATE_MISSING': '1' });
    const poison = await create({
      MessageConfiguration: { EmailMessage: { Title: 'Tips', HtmlBody: '{{divide 1 0}}' } },
    });
    await runToEnd(await open(poison));
    expect((await activity(poison))?.ExecutionMetrics).toEqual({ 'skipped TEMPLATE_FAILED': '1' });
  });

  test('a refusal concerns one recipient', async () => {
    await addEndpoint(database.db, appId, 'ann');
    await addEndpoint(database.db, appId, 'bob');
    mailbox.inject(({ message }) =>
      message.to === 'ann@example.com' ? { kind: 'status', status: 400, code: 'MessageRejected' } : undefined,
    );
    const campaignId = await create();
    expect(await runToEnd(await open(campaignId))).toBe('finished');
    expect(await received(campaignId)).toEqual(['bob@example.com']);
    expect((await activity(campaignId))?.ExecutionMetrics).toEqual({ failed: '1', sent: '1' });
  });
});

describe('once', () => {
  test('a throttled recipient is retried without repeating the others', async () => {
    await addEndpoint(database.db, appId, 'ann');
    await addEndpoint(database.db, appId, 'bob');
    let throttled = 0;
    mailbox.inject(({ message }) => {
      if (message.to !== 'bob@example.com' || throttled > 0) return undefined;
      throttled += 1;
      return { kind: 'status', status: 429, code: 'TooManyRequestsException' };
    });
    const campaignId = await create();
    const run = await open(campaignId);
    expect((await failure(activities().sendCampaignPage(run))).type).toBe('Throttled');
    expect(await received(campaignId)).toEqual(['ann@example.com']);
    expect(await runToEnd(run)).toBe('finished');
    expect((await received(campaignId)).sort()).toEqual(['ann@example.com', 'bob@example.com']);
  });

  test('a worker killed between claim and record repeats nobody: the recipient is listed as unknown', async () => {
    await addEndpoint(database.db, appId, 'ann');
    await addEndpoint(database.db, appId, 'bob');
    const campaignId = await create();
    const run = await open(campaignId);
    const dies: Sender = {
      send: async (message) => {
        if (message.channel === 'EMAIL' && message.to === 'bob@example.com') throw new Error('killed');
        return await api.deps.sender.send(message);
      },
    };
    await expect(activities(dies).sendCampaignPage(run)).rejects.toThrow('killed');
    const waits = await failure(activities().sendCampaignPage(run));
    expect(waits.type).toBe('ClaimedByOther');
    expect(Number(waits.nextRetryDelay)).toBeLessThanOrEqual(12_000);
    await letClaimsDie(campaignId);
    expect(await runToEnd(run)).toBe('finished');
    expect(await received(campaignId)).toEqual(['ann@example.com']);
    expect((await activity(campaignId))?.ExecutionMetrics).toEqual({ sent: '1', unknown: '1' });
  });

  test('a person who is erased while the call is under way holds nobody up', async () => {
    await addEndpoint(database.db, appId, 'ann');
    await addEndpoint(database.db, appId, 'bob');
    const campaignId = await create();
    const erases: Sender = {
      send: async (message) => {
        if (message.channel === 'EMAIL' && message.to === 'ann@example.com')
          await database.db.deleteFrom('message').where('endpoint_id', '=', 'ann').execute();
        return await api.deps.sender.send(message);
      },
    };
    const run = await open(campaignId);
    expect(await activities(erases).sendCampaignPage(run)).toEqual({ is: 'finished' });
    expect((await activity(campaignId))?.ExecutionMetrics).toEqual({ sent: '1' });
  });

  test('a message whose answer was lost is not sent again', async () => {
    await addEndpoint(database.db, appId, 'ann');
    mailbox.inject(() => ({ kind: 'drop' }));
    const campaignId = await create();
    expect(await runToEnd(await open(campaignId))).toBe('finished');
    expect(await received(campaignId)).toEqual(['ann@example.com']);
    const settled = await database.db
      .selectFrom('message')
      .select(['state', 'settled_at'])
      .where('campaign_id', '=', campaignId)
      .execute();
    // the provider's own report may have come already
    expect(settled).toEqual([
      { state: expect.stringMatching(/^(unknown|sent)$/), settled_at: expect.any(Date) },
    ]);
  });

  test('Total and Daily count what earlier runs of the campaign sent to an endpoint', async () => {
    await addEndpoint(database.db, appId, 'ann');
    const campaignId = await create({ Limits: { Daily: 1, Total: 2 } });
    await runToEnd(await open(campaignId));
    const outcomes: unknown[] = [];
    for (const StartTime of ['2026-03-02T11:00:00Z', '2026-03-02T12:30:00Z', '2026-03-09T12:00:00Z']) {
      await update(campaignId, { Schedule: { StartTime } });
      clock.time = new Date(StartTime);
      await runToEnd(await open(campaignId, outcomes.length + 2));
      outcomes.push((await activity(campaignId))?.ExecutionMetrics);
    }
    expect(outcomes).toEqual([{ 'skipped DAILY_CAP': '1' }, { sent: '1' }, { 'skipped CAMPAIGN_CAP': '1' }]);
  });

  test('a campaign that has run sends nothing more when something else than its start is changed', async () => {
    await addEndpoint(database.db, appId, 'ann');
    const campaignId = await create();
    await runToEnd(await open(campaignId));
    await update(campaignId, { Description: 'corrected' });
    expect(await status(campaignId)).toBe('COMPLETED');
    expect(await activities().openCampaignRun({ appId, campaignId, version: 2 })).toEqual({ is: 'stopped' });
  });
});

describe("an application's settings", () => {
  const settings = async (WriteApplicationSettingsRequest: WriteApplicationSettingsRequest) => {
    const command = { ApplicationId: appId, WriteApplicationSettingsRequest };
    await api.client.send(new UpdateApplicationSettingsCommand(command));
  };

  test('limit the campaigns that are created afterwards; Daily counts all campaigns, and what a campaign says wins', async () => {
    await addEndpoint(database.db, appId, 'ann');
    await settings({ Limits: { Daily: 1, MessagesPerSecond: 10 } });
    const campaigns = [await create(), await create(), await create({ Limits: { Daily: 1 } })];
    for (const campaignId of campaigns) await runToEnd(await open(campaignId));
    const outcomes = await Promise.all(campaigns.map((campaignId) => activity(campaignId)));
    expect(outcomes.map((outcome) => outcome?.ExecutionMetrics)).toEqual([
      { sent: '1' },
      { 'skipped DAILY_CAP': '1' },
      { sent: '1' },
    ]);
    const key = { ApplicationId: appId, CampaignId: campaigns[1] };
    const { CampaignResponse } = await api.client.send(new GetCampaignCommand(key));
    expect(CampaignResponse?.Limits).toMatchObject({ Daily: 1, MessagesPerSecond: 10 });
  });

  test('keep quiet: who has quiet time on their own clock is passed over, who has no time zone is not', async () => {
    await addEndpoint(database.db, appId, 'berlin');
    await addEndpoint(database.db, appId, 'nowhere');
    const demographic = JSON.stringify({ Timezone: 'Europe/Berlin' });
    await database.db.updateTable('endpoint').set({ demographic }).where('id', '=', 'berlin').execute();
    // noon in UTC, one o'clock in Berlin
    await settings({ QuietTime: { Start: '12:30', End: '13:30' } });
    const quiet = await create();
    const Schedule = { StartTime: 'IMMEDIATE', QuietTime: { Start: '22:00', End: '06:00' } };
    const own = await create({ Schedule });
    for (const campaignId of [quiet, own]) await runToEnd(await open(campaignId));
    expect((await activity(quiet))?.ExecutionMetrics).toEqual({ sent: '1', 'skipped QUIET_TIME': '1' });
    expect((await activity(own))?.ExecutionMetrics).toEqual({ sent: '2' });
  });
});

describe('stopping', () => {
  async function halfSent() {
    for (const id of ['a', 'b']) await addEndpoint(database.db, appId, id);
    mailbox.inject(({ message }) =>
      message.to === 'b@example.com'
        ? { kind: 'status', status: 429, code: 'TooManyRequestsException' }
        : undefined,
    );
    const campaignId = await create();
    const run = await open(campaignId);
    await failure(activities().sendCampaignPage(run));
    mailbox.inject();
    return { campaignId, run };
  }

  test('a pause stops the sends; un-pausing goes on with those who have got nothing yet', async () => {
    const { campaignId, run } = await halfSent();
    await update(campaignId, { IsPaused: true });
    expect(await runToEnd(run)).toBe('stopped');
    expect(await received(campaignId)).toEqual(['a@example.com']);
    expect(await status(campaignId)).toBe('PAUSED');
    expect(await activity(campaignId)).toMatchObject({ State: 'PAUSED', SuccessfulEndpointCount: 1 });
    await update(campaignId, { IsPaused: false });
    const resumed = await open(campaignId, 3);
    expect(resumed.runId).toBe(run.runId);
    expect(await runToEnd(resumed)).toBe('finished');
    expect(await received(campaignId)).toEqual(['a@example.com', 'b@example.com']);
  });

  test('nothing is sent after a deletion, and whoever was left is settled', async () => {
    const { campaignId, run } = await halfSent();
    await api.client.send(new DeleteCampaignCommand({ ApplicationId: appId, CampaignId: campaignId }));
    expect(await runToEnd(run)).toBe('stopped');
    expect(await received(campaignId)).toEqual(['a@example.com']);
    expect(await activity(campaignId)).toMatchObject({
      State: 'CANCELLED',
      Result: 'FAIL',
      ExecutionMetrics: { sent: '1', 'skipped CAMPAIGN_DELETED': '1', Reason: 'CAMPAIGN_DELETED' },
    });
  });

  test('a deletion waits for the call that is under way', async () => {
    await addEndpoint(database.db, appId, 'ann');
    const campaignId = await create();
    const run = await open(campaignId);
    const { promise: calling, resolve: called } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const events: string[] = [];
    const slow: Sender = {
      send: async (message) => {
        called();
        await released;
        events.push('sent');
        return await api.deps.sender.send(message);
      },
    };
    const page = activities(slow).sendCampaignPage(run);
    await calling;
    const key = { ApplicationId: appId, CampaignId: campaignId };
    const deletion = api.client.send(new DeleteCampaignCommand(key)).then(() => events.push('deleted'));
    await until(async () => (await status(campaignId)) === 'DELETED');
    release();
    await Promise.all([page, deletion]);
    expect(events).toEqual(['sent', 'deleted']);
  });

  test('MaximumDuration ends the run; those who are left are not sent to, and the reason is told', async () => {
    for (const id of ['a', 'b']) await addEndpoint(database.db, appId, id);
    mailbox.inject(() => ({ kind: 'status', status: 429, code: 'TooManyRequestsException' }));
    const campaignId = await create({ Limits: { MaximumDuration: 60 } });
    const run = await open(campaignId);
    await failure(activities().sendCampaignPage(run));
    mailbox.inject();
    clock.time = new Date('2026-03-01T12:01:00Z');
    expect(await runToEnd(run)).toBe('expired');
    expect(await received(campaignId)).toEqual([]);
    expect(await activity(campaignId)).toMatchObject({
      State: 'COMPLETED',
      Result: 'FAIL',
      ExecutionMetrics: { 'skipped EXPIRED': '2', Reason: 'MAXIMUM_DURATION' },
    });
  });

  test('a campaign whose segment is deleted ends as DELETED', async () => {
    await addEndpoint(database.db, appId, 'ann');
    const campaignId = await create();
    const run = await open(campaignId);
    await database.db.deleteFrom('segment').where('app_id', '=', appId).execute();
    expect(await runToEnd(run)).toBe('segmentDeleted');
    expect(await status(campaignId)).toBe('DELETED');
    expect((await activity(campaignId))?.ExecutionMetrics).toEqual({ Reason: 'SEGMENT_DELETED' });
  });
});

/** As if the twelve seconds after which a claim is dead had passed. */
async function letClaimsDie(campaignId: string): Promise<void> {
  await database.db
    .updateTable('message')
    .set({ claimed_at: new Date(Date.now() - 13_000) })
    .where('campaign_id', '=', campaignId)
    .where('state', '=', 'claimed')
    .execute();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
