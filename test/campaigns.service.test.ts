import {
  CreateAppCommand,
  CreateCampaignCommand,
  CreateSegmentCommand,
  DeleteCampaignCommand,
  GetCampaignActivitiesCommand,
  GetCampaignCommand,
  SendMessagesCommand,
  SendOTPMessageCommand,
  UpdateCampaignCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
  UpdateEndpointsBatchCommand,
  UpdateSmsChannelCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, expect, test } from 'vitest';
import { tutorial } from './support/tutorial.ts';
import { useWorld } from './support/world.ts';

const HOUR_MS = 3_600_000;

let appId: string;
let segmentId: string;
const world = useWorld();

/** The tutorial's app, e-mail channel, two endpoints of user123 and segment. */
beforeEach(async () => {
  const { client } = world;
  const app = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: tutorial('01-create-app') }),
  );
  appId = app.ApplicationResponse?.Id ?? '';
  const EmailChannelRequest = tutorial('02-update-email-channel');
  await client.send(new UpdateEmailChannelCommand({ ApplicationId: appId, EmailChannelRequest }));
  for (const name of ['iphone', 'email']) {
    const EndpointRequest = tutorial(`03-update-endpoint-${name}`);
    const EndpointId = `user123-${name}`;
    await client.send(new UpdateEndpointCommand({ ApplicationId: appId, EndpointId, EndpointRequest }));
  }
  const WriteSegmentRequest = tutorial('04-create-segment');
  const segment = await client.send(new CreateSegmentCommand({ ApplicationId: appId, WriteSegmentRequest }));
  segmentId = segment.SegmentResponse?.Id ?? '';
});

async function create(change: WriteCampaignRequest = {}): Promise<string> {
  const WriteCampaignRequest = { ...tutorial('05-create-campaign'), SegmentId: segmentId, ...change };
  const created = await world.client.send(
    new CreateCampaignCommand({ ApplicationId: appId, WriteCampaignRequest }),
  );
  return created.CampaignResponse?.Id ?? '';
}

async function update(campaignId: string, WriteCampaignRequest: WriteCampaignRequest): Promise<void> {
  const input = { ApplicationId: appId, CampaignId: campaignId, WriteCampaignRequest };
  await world.client.send(new UpdateCampaignCommand(input));
}

async function status(campaignId: string) {
  const key = { ApplicationId: appId, CampaignId: campaignId };
  const { CampaignResponse } = await world.client.send(new GetCampaignCommand(key));
  return CampaignResponse?.State?.CampaignStatus;
}

async function received(campaignId: string): Promise<string[]> {
  const messages = await world.mailbox.messages();
  return messages.filter((message) => message.campaignId === campaignId).map((message) => message.to);
}

async function inHours(hours: number): Promise<string> {
  return new Date((await world.now()).getTime() + hours * HOUR_MS).toISOString();
}

test('the tutorial’s campaign, as printed, is past and so sends at once, to the e-mail endpoint and not to the phone', async () => {
  const campaignId = await create({
    Schedule: { ...tutorial('05-create-campaign').Schedule, StartTime: await inHours(-1) },
  });
  await world.settle();
  expect(await received(campaignId)).toEqual(['user123@example.com']);
  const [message] = await world.mailbox.messages({ to: 'user123@example.com' });
  expect(message).toMatchObject({
    from: 'team@yourapp.com',
    subject: 'Get the most out of your premium plan',
  });
  expect(await status(campaignId)).toBe('COMPLETED');
  const key = { ApplicationId: appId, CampaignId: campaignId };
  const { ActivitiesResponse } = await world.client.send(new GetCampaignActivitiesCommand(key));
  expect(ActivitiesResponse?.Item).toHaveLength(1);
  expect(ActivitiesResponse?.Item?.[0]).toMatchObject({
    State: 'COMPLETED',
    Result: 'SUCCESS',
    TotalEndpointCount: 1,
    SuccessfulEndpointCount: 1,
  });
});

test('a scheduled campaign sends at its time and not before; one that is deleted or paused before sends nothing', async () => {
  const StartTime = await inHours(24);
  const kept = await create({ Schedule: { StartTime } });
  const deleted = await create({ Schedule: { StartTime } });
  const paused = await create({ Schedule: { StartTime } });
  await world.settle();
  await world.client.send(new DeleteCampaignCommand({ ApplicationId: appId, CampaignId: deleted }));
  await update(paused, { IsPaused: true });
  await world.advance(23 * HOUR_MS);
  expect(await received(kept)).toEqual([]);
  expect(await status(kept)).toBe('SCHEDULED');
  await world.advance(2 * HOUR_MS);
  expect(await received(kept)).toEqual(['user123@example.com']);
  expect(await received(deleted)).toEqual([]);
  expect(await received(paused)).toEqual([]);
  expect([await status(kept), await status(deleted), await status(paused)]).toEqual([
    'COMPLETED',
    'DELETED',
    'PAUSED',
  ]);
  await update(paused, { IsPaused: false });
  await world.settle();
  expect(await received(paused)).toEqual(['user123@example.com']);
});

test('a campaign that is put off sends once, at its new time', async () => {
  const campaignId = await create({ Schedule: { StartTime: await inHours(1) } });
  await world.settle();
  await update(campaignId, { Schedule: { StartTime: await inHours(48) } });
  await world.advance(24 * HOUR_MS);
  expect(await received(campaignId)).toEqual([]);
  await world.advance(25 * HOUR_MS);
  expect(await received(campaignId)).toEqual(['user123@example.com']);
});

test('a throttled campaign sends when the provider takes messages again, and history holds no address', async () => {
  let throttled = 0;
  world.mailbox.inject(() => {
    throttled += 1;
    return throttled < 3 ? { kind: 'status', status: 429, code: 'TooManyRequestsException' } : undefined;
  });
  const campaignId = await create({ Schedule: { StartTime: 'IMMEDIATE' }, Limits: {} });
  await world.advance(HOUR_MS);
  world.mailbox.inject();
  expect(await received(campaignId)).toEqual(['user123@example.com']);
  expect(await status(campaignId)).toBe('COMPLETED');
  const history = await world.temporal.workflow.getHandle(`campaign-run/${campaignId}/1`).fetchHistory();
  const text = JSON.stringify(history).replaceAll(/"data":"([^"]*)"/g, (_, data) =>
    Buffer.from(data, 'base64').toString(),
  );
  expect(text).toContain(campaignId);
  expect(text).not.toMatch(/user123|example\.com|yourapp/);
});

test('a receipt and a one-time password pass SMS that wait in line: a campaign’s, and the turns of journeys', async () => {
  const { client, deps, mailbox } = world;
  const ApplicationId = appId;
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  // two seconds of the 20 SMS a second that an account may send
  const Item = Array.from({ length: 40 }, (_, index) => ({
    Id: `phone${index}`,
    ChannelType: 'SMS' as const,
    Address: `+1555010${100 + index}`,
    User: { UserId: `crowd${index}`, UserAttributes: { Plan: ['premium'] } },
  }));
  await client.send(new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item } }));
  await create({
    MessageConfiguration: { SMSMessage: { Body: 'Sale' } },
    TemplateConfiguration: {},
    Schedule: { StartTime: 'IMMEDIATE' },
    Limits: { MessagesPerSecond: 1000 },
  });
  const bodies = async () => (await mailbox.messages({ channel: 'SMS' })).map(({ body }) => body ?? '');
  const settled = world.settle();
  await expect
    .poll(async () => (await bodies()).length, { timeout: 10_000, interval: 20 })
    .toBeGreaterThan(1);
  // so many were told to come back in their turn, the last in six minutes
  const journeys = await deps.rates.ask({ channel: 'SMS', class: 'marketing', count: 7_200 });
  expect(journeys.refused?.waitsMs.at(-1)).toBeGreaterThan(300_000);
  const Addresses = { '+15550200': { ChannelType: 'SMS' as const } };
  const MessageConfiguration = { SMSMessage: { Body: 'Receipt' } };
  const SendOTPMessageRequestParameters = {
    ...{ BrandName: 'Shop', Channel: 'SMS', DestinationIdentity: '+15550201' },
    ...{ OriginationIdentity: '+15550199', ReferenceId: 'login' },
  };
  await Promise.all([
    client.send(
      new SendMessagesCommand({ ApplicationId, MessageRequest: { Addresses, MessageConfiguration } }),
    ),
    client.send(new SendOTPMessageCommand({ ApplicationId, SendOTPMessageRequestParameters })),
  ]);
  await settled;
  const received = await bodies();
  expect(received).toHaveLength(42);
  const urgent = [received.indexOf('Receipt'), received.findIndex((body) => body.endsWith(' Shop code.'))];
  expect(Math.min(...urgent)).toBeGreaterThan(0);
  expect(received.slice(Math.max(...urgent) + 1).length).toBeGreaterThan(8);
});
