import {
  GetCampaignCommand,
  UpdateApplicationSettingsCommand,
  type WriteApplicationSettingsRequest,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, test } from 'vitest';
import type { Sender } from '../../../src/channels/channel.ts';
import { failure, useCampaignRuns } from '../../support/campaignRuns.ts';

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

describe('once', () => {
  test('a throttled recipient is retried without repeating the others', async () => {
    await add('ann');
    await add('bob');
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
    await add('ann');
    await add('bob');
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
    await add('ann');
    await add('bob');
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
    await add('ann');
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
    await add('ann');
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
    await add('ann');
    const campaignId = await create();
    await runToEnd(await open(campaignId));
    await update(campaignId, { Description: 'corrected' });
    expect(await status(campaignId)).toBe('COMPLETED');
    expect(await activities().openCampaignRun({ appId: appId(), campaignId, version: 2 })).toEqual({
      is: 'stopped',
    });
  });
});

describe("an application's settings", () => {
  const settings = async (WriteApplicationSettingsRequest: WriteApplicationSettingsRequest) => {
    const command = { ApplicationId: appId(), WriteApplicationSettingsRequest };
    await api.client.send(new UpdateApplicationSettingsCommand(command));
  };

  test('limit the campaigns that are created afterwards; Daily counts all campaigns, and what a campaign says wins', async () => {
    await add('ann');
    await settings({ Limits: { Daily: 1, MessagesPerSecond: 10 } });
    const campaigns = [await create(), await create(), await create({ Limits: { Daily: 1 } })];
    for (const campaignId of campaigns) await runToEnd(await open(campaignId));
    const outcomes = await Promise.all(campaigns.map((campaignId) => activity(campaignId)));
    expect(outcomes.map((outcome) => outcome?.ExecutionMetrics)).toEqual([
      { sent: '1' },
      { 'skipped DAILY_CAP': '1' },
      { sent: '1' },
    ]);
    const key = { ApplicationId: appId(), CampaignId: campaigns[1] };
    const { CampaignResponse } = await api.client.send(new GetCampaignCommand(key));
    expect(CampaignResponse?.Limits).toMatchObject({ Daily: 1, MessagesPerSecond: 10 });
  });

  test('keep quiet: who has quiet time on their own clock is passed over, who has no time zone is not', async () => {
    await add('berlin');
    await add('nowhere');
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

/** As if the twelve seconds after which a claim is dead had passed. */
async function letClaimsDie(campaignId: string): Promise<void> {
  await database.db
    .updateTable('message')
    .set({ claimed_at: new Date(Date.now() - 13_000) })
    .where('campaign_id', '=', campaignId)
    .where('state', '=', 'claimed')
    .execute();
}
