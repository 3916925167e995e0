import { DeleteCampaignCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Sender } from '../../../src/channels/channel.ts';
import { email, failure, useCampaignRuns } from '../../support/campaignRuns.ts';

const {
  add,
  api,
  appId,
  activities,
  activity,
  clock,
  create,
  database,
  mailbox,
  open,
  received,
  runToEnd,
  status,
  update,
} = useCampaignRuns();

describe('a run', () => {
  test('sends to each endpoint of the segment whose channel has content, and tells what happened', async () => {
    await add('ann', { attributes: { Name: ['Ann'] } });
    await add('bob');
    await add('phone', { channelType: 'APNS', address: 'token' });
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
    const input = { appId: appId(), campaignId, version: 1 };
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
    await add('a-first', { address: 'shared@example.com' });
    await add('b-same-address', { address: 'shared@example.com' });
    await add('c-opted-out', { optOut: 'ALL' });
    await add('d-inactive', { status: 'INACTIVE' });
    await add('e-phone', { channelType: 'SMS', address: '+15550100' });
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

  test('an address in two chunks is written to once', async () => {
    await add('a', { address: 'shared@example.com' });
    await add('b', { address: 'shared@example.com' });
    // one message a second: each member is a chunk of its own
    const campaignId = await create({ Limits: { MessagesPerSecond: 1 } });
    await runToEnd(await open(campaignId));
    expect(await received(campaignId)).toEqual(['shared@example.com']);
  });

  test('reaches a member who comes after ten thousand endpoints that are none', async () => {
    await sql`insert into endpoint (app_id, id, channel_type, address, status, opt_out, cohort, effective_date, created_at, updated_at)
      select ${appId()}, 'a' || n, 'SMS', n::text, 'ACTIVE', 'NONE', 0, ${clock.time}, ${clock.time}, ${clock.time}
      from generate_series(1, 10500) n`.execute(database.db);
    await add('last');
    const campaignId = await create();
    expect(await runToEnd(await open(campaignId))).toBe('finished');
    expect(await received(campaignId)).toEqual(['last@example.com']);
  });

  test('keeps to MessagesPerSecond', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await add(id);
    const campaignId = await create({ Limits: { MessagesPerSecond: 2 } });
    const began = performance.now();
    await runToEnd(await open(campaignId));
    expect(performance.now() - began).toBeGreaterThanOrEqual(1900);
  });

  test('a refusal concerns one recipient', async () => {
    await add('ann');
    await add('bob');
    mailbox.inject(({ message }) =>
      message.to === 'ann@example.com' ? { kind: 'status', status: 400, code: 'MessageRejected' } : undefined,
    );
    const campaignId = await create();
    expect(await runToEnd(await open(campaignId))).toBe('finished');
    expect(await received(campaignId)).toEqual(['bob@example.com']);
    expect((await activity(campaignId))?.ExecutionMetrics).toEqual({ failed: '1', sent: '1' });
  });
});

describe('stopping', () => {
  async function halfSent() {
    for (const id of ['a', 'b']) await add(id);
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
    await api.client.send(new DeleteCampaignCommand({ ApplicationId: appId(), CampaignId: campaignId }));
    expect(await runToEnd(run)).toBe('stopped');
    expect(await received(campaignId)).toEqual(['a@example.com']);
    expect(await activity(campaignId)).toMatchObject({
      State: 'CANCELLED',
      Result: 'FAIL',
      ExecutionMetrics: { sent: '1', 'skipped CAMPAIGN_DELETED': '1', Reason: 'CAMPAIGN_DELETED' },
    });
  });

  test('a deletion waits for the call that is under way', async () => {
    await add('ann');
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
    const key = { ApplicationId: appId(), CampaignId: campaignId };
    const deletion = api.client.send(new DeleteCampaignCommand(key)).then(() => events.push('deleted'));
    await until(async () => (await status(campaignId)) === 'DELETED');
    release();
    await Promise.all([page, deletion]);
    expect(events).toEqual(['sent', 'deleted']);
  });

  test('MaximumDuration ends the run; those who are left are not sent to, and the reason is told', async () => {
    for (const id of ['a', 'b']) await add(id);
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
    await add('ann');
    const campaignId = await create();
    const run = await open(campaignId);
    await database.db.deleteFrom('segment').where('app_id', '=', appId()).execute();
    expect(await runToEnd(run)).toBe('segmentDeleted');
    expect(await status(campaignId)).toBe('DELETED');
    expect((await activity(campaignId))?.ExecutionMetrics).toEqual({ Reason: 'SEGMENT_DELETED' });
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
