import {
  CreateCampaignCommand,
  GetCampaignActivitiesCommand,
  GetCampaignCommand,
  UpdateCampaignCommand,
  UpdateEmailChannelCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { ApplicationFailure } from '@temporalio/common';
import { beforeAll, beforeEach } from 'vitest';
import { createCampaignRunActivities } from '../../src/activities/campaign/campaignRun.ts';
import type { CampaignPage, CampaignRunInput } from '../../src/activities/campaign/campaignRunActivities.ts';
import type { Sender } from '../../src/channels/channel.ts';
import { createSender } from '../../src/channels/createSender.ts';
import { createCustomChannel } from '../../src/channels/custom/createCustomChannel.ts';
import { createLog } from '../../src/log.ts';
import { createApp, useApi } from './api.ts';
import { addEndpoint, addEveryone, type EndpointToAdd } from './audience.ts';
import { useDatabase } from './database.ts';
import { useMailbox } from './mailbox.ts';

export const email = { EmailMessage: { Title: 'Tips', HtmlBody: '<p>Hello {{Attributes.Name}}</p>' } };
const now: WriteCampaignRequest = {
  Name: 'Tips',
  SegmentId: 'everyone',
  MessageConfiguration: email,
  Schedule: { StartTime: 'IMMEDIATE' },
};

/**
 * Campaigns to everybody of an application, whose runs a test goes through activity by activity. Each test has an
 * application of its own and begins at noon of 1 March 2026, in UTC.
 */
export function useCampaignRuns() {
  let appId = '';
  const clock = { time: new Date(), now: async () => clock.time };
  const database = useDatabase();
  const mailbox = useMailbox();
  const api = useApi(database, () => {
    const { config } = mailbox;
    const log = createLog('silent');
    const [sender, customChannel] = [createSender(config, log), createCustomChannel(config, log)];
    return { deps: { clock, config, sender, customChannel } };
  });
  beforeAll(() => mailbox.pointAt(api.url));
  beforeEach(async () => {
    clock.time = new Date('2026-03-01T12:00:00Z');
    mailbox.inject();
    appId = await createApp(api.client);
    const EmailChannelRequest = { FromAddress: 'shop@example.com', Identity: 'arn', Enabled: true };
    await api.client.send(new UpdateEmailChannelCommand({ ApplicationId: appId, EmailChannelRequest }));
    await addEveryone(database.db, appId, 'everyone');
  });
  const activities = (sender: Sender = api.deps.sender) =>
    createCampaignRunActivities({ ...api.deps, sender });
  const key = (CampaignId: string) => ({ ApplicationId: appId, CampaignId });
  return {
    ...{ clock, database, mailbox, api, activities },
    appId: () => appId,
    add: (id: string, endpoint?: EndpointToAdd) => addEndpoint(database.db, appId, id, endpoint),
    create: async (request: WriteCampaignRequest = {}): Promise<string> => {
      const command = { ApplicationId: appId, WriteCampaignRequest: { ...now, ...request } };
      return (await api.client.send(new CreateCampaignCommand(command))).CampaignResponse?.Id ?? '';
    },
    update: async (campaignId: string, WriteCampaignRequest: WriteCampaignRequest) => {
      await api.client.send(new UpdateCampaignCommand({ ...key(campaignId), WriteCampaignRequest }));
    },
    open: async (campaignId: string, version = 1): Promise<CampaignRunInput> => {
      const opening = await activities().openCampaignRun({ appId, campaignId, version });
      if (opening.is !== 'open') throw new Error(`expected an open run, got ${opening.is}`);
      return { appId, campaignId, version, runId: opening.runId };
    },
    /** Runs a version to its end as the workflow does. */
    runToEnd: async (run: CampaignRunInput): Promise<CampaignPage['is']> => {
      for (;;) {
        const { is } = await activities().sendCampaignPage(run);
        if (is === 'stopped') return is;
        if (is === 'more') continue;
        await activities().closeCampaignRun({ ...run, end: is });
        return is;
      }
    },
    activity: async (campaignId: string) => {
      const told = await api.client.send(new GetCampaignActivitiesCommand(key(campaignId)));
      return told.ActivitiesResponse?.Item?.[0];
    },
    status: async (campaignId: string) => {
      const told = await api.client.send(new GetCampaignCommand(key(campaignId)));
      return told.CampaignResponse?.State?.CampaignStatus;
    },
    /** Whom a campaign's messages went to. */
    received: async (campaignId: string): Promise<string[]> => {
      const messages = await mailbox.messages();
      return messages.filter((message) => message.campaignId === campaignId).map((message) => message.to);
    },
  };
}

/** What an activity that has to fail fails with. */
export async function failure(promise: Promise<unknown>): Promise<ApplicationFailure> {
  const reason = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (reason instanceof ApplicationFailure) return reason;
  throw new Error(`expected an ApplicationFailure, got ${String(reason)}`);
}
