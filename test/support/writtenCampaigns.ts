import {
  CreateCampaignCommand,
  GetCampaignCommand,
  UpdateCampaignCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, beforeEach } from 'vitest';
import { createApp, useApi } from './api.ts';
import { addEveryone } from './audience.ts';
import { useDatabase } from './database.ts';

export const email = {
  EmailMessage: { Title: 'Tips', HtmlBody: '<p>Tips</p>', FromAddress: 'team@example.com' },
};

/** To everybody, the day after each test's. */
export const later: WriteCampaignRequest = {
  Name: 'Tips',
  SegmentId: 'everyone',
  MessageConfiguration: email,
  Schedule: { StartTime: '2026-03-02T10:00:00Z', Frequency: 'ONCE' },
};

/** Campaigns of an application for each test, at noon of 1 March 2026 in UTC; no worker runs them. */
export function useWrittenCampaigns() {
  let appId = '';
  let warned = '';
  const clock = { time: new Date('2026-03-01T12:00:00Z'), now: async () => clock.time };
  const database = useDatabase();
  const api = useApi(database, { deps: { clock } });
  beforeAll(() => {
    api.client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const response = result.response as { headers: Record<string, string> };
        warned = decodeURIComponent(response.headers['x-repoint-warnings'] ?? '');
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
  });
  beforeEach(async () => {
    clock.time = new Date('2026-03-01T12:00:00Z');
    appId = await createApp(api.client);
    await addEveryone(database.db, appId, 'everyone');
  });
  const create = async (WriteCampaignRequest: WriteCampaignRequest = later) => {
    const created = await api.client.send(
      new CreateCampaignCommand({ ApplicationId: appId, WriteCampaignRequest }),
    );
    return { ...created.CampaignResponse, id: created.CampaignResponse?.Id ?? '' };
  };
  return {
    ...{ api, clock, database, create },
    appId: () => appId,
    update: async (CampaignId: string, WriteCampaignRequest: WriteCampaignRequest) => {
      const command = { ApplicationId: appId, CampaignId, WriteCampaignRequest };
      return (await api.client.send(new UpdateCampaignCommand(command))).CampaignResponse;
    },
    read: async (CampaignId: string) =>
      (await api.client.send(new GetCampaignCommand({ ApplicationId: appId, CampaignId }))).CampaignResponse,
    /** What the header of the answer that came last warns of. */
    warned: () => warned,
    warningsOf: async (request: WriteCampaignRequest): Promise<string> => {
      await create(request);
      return warned;
    },
    /** What waits for Temporal: `start id`, `signal id`. */
    outbox: async (): Promise<string[]> => {
      const rows = await database.db
        .selectFrom('outbox')
        .select(['kind', 'workflow_id'])
        .where('app_id', '=', appId)
        .orderBy('id')
        .execute();
      return rows.map((row) => `${row.kind} ${row.workflow_id}`);
    },
  };
}
