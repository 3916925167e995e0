import type { WriteCampaignRequest } from '@aws-sdk/client-pinpoint';
import { describe, expect, test } from 'vitest';
import { failure, useCampaignRuns } from '../../support/campaignRuns.ts';

const { activities, activity, add, appId, create, database, mailbox, open, received, runToEnd } =
  useCampaignRuns();

describe('a run', () => {
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
      await add('ann', { attributes: { Name: ['Ann'] } });
      for (const id of people(51)) await add(id, { channelType: 'CUSTOM', address: id });
      await mailbox.answerCustom(uri, { Tier: 'gold' });
      const campaignId = await create(custom);
      const run = await open(campaignId);
      expect(await runToEnd(run)).toBe('finished');
      const told = (await mailbox.messages({ channel: 'CUSTOM' })).filter(
        (message) => message.campaignId === campaignId,
      );
      const payloads = [...new Set(told.map(({ body }) => body ?? ''))].map((body) => JSON.parse(body));
      // a machine that is too busy to use its turns in time makes more calls of fewer
      const sizes = payloads.map(({ Endpoints }) => Object.keys(Endpoints).length);
      expect(sizes.reduce((sum, size) => sum + size)).toBe(52);
      expect(sizes.length).toBeGreaterThan(1);
      expect(sizes.length).toBeLessThan(26);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(50);
      const ActivityId = run.runId.replaceAll('-', '');
      expect(payloads[0]).toMatchObject({
        ...{ Message: {}, Data: 'tips', ApplicationId: appId(), CampaignId: campaignId, TreatmentId: '0' },
        ...{ ActivityId, ScheduledTime: '2026-03-01T12:00:00.000Z' },
      });
      expect(payloads[0]).not.toHaveProperty('JourneyId');
      expect(payloads.find(({ Endpoints }) => Endpoints.ann).Endpoints.ann).toMatchObject({
        ...{ ChannelType: 'EMAIL', Address: 'ann@example.com', Attributes: { Name: ['Ann'] } },
      });
      expect(await activity(campaignId)).toMatchObject({ ExecutionMetrics: { sent: '52' } });
      const answer = await database.db
        .selectFrom('event')
        .select('attributes')
        .where('app_id', '=', appId())
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
      for (const id of people(3)) await add(id, { channelType: 'CUSTOM', address: id });
      mailbox.inject(() => fault);
      const campaignId = await create(custom);
      expect(await runToEnd(await open(campaignId))).toBe('finished');
      expect(await activity(campaignId)).toMatchObject({ ExecutionMetrics: { [outcome]: '3' } });
    });

    test('that cannot be reached now is asked again, and nobody is lost or told of twice', async () => {
      await add('p1', { channelType: 'CUSTOM', address: 'p1' });
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
});
