import {
  type MessageRequest,
  SendMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateGcmChannelCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, beforeEach } from 'vitest';
import { createSender } from '../../src/channels/createSender.ts';
import { createUpstream } from '../../src/channels/upstream/upstreamPinpoint.ts';
import { json } from '../../src/db/database.ts';
import { createLog } from '../../src/log.ts';
import { createApp, useApi } from './api.ts';
import { addEndpoint, type EndpointToAdd } from './audience.ts';
import { useDatabase } from './database.ts';
import { useMailbox } from './mailbox.ts';

/** Messages by SendMessages and SendUsersMessages. Each test has an application of its own, its e-mail channel open. */
export function useDirectMessages() {
  let appId = '';
  const database = useDatabase();
  const mailbox = useMailbox();
  const api = useApi(database, () => {
    const { config } = mailbox;
    const sender = createSender(config, createLog('silent'), { timeoutMs: 1000 });
    return { deps: { config, sender, upstream: createUpstream(config) } };
  });
  beforeAll(() => mailbox.pointAt(api.url));
  beforeEach(async () => {
    mailbox.inject();
    appId = await createApp(api.client);
    const EmailChannelRequest = { FromAddress: 'us@example.com', Identity: 'arn', Enabled: true };
    await api.client.send(new UpdateEmailChannelCommand({ ApplicationId: appId, EmailChannelRequest }));
  });
  return {
    ...{ database, mailbox, api },
    appId: () => appId,
    enableSmsAndPush: async () => {
      const SMSChannelRequest = { Enabled: true, SenderId: 'MyApp' };
      await api.client.send(new UpdateSmsChannelCommand({ ApplicationId: appId, SMSChannelRequest }));
      const GCMChannelRequest = { ApiKey: 'key', Enabled: true };
      await api.client.send(new UpdateGcmChannelCommand({ ApplicationId: appId, GCMChannelRequest }));
    },
    add: (id: string, endpoint?: EndpointToAdd) => addEndpoint(database.db, appId, id, endpoint),
    addUser: async (id: string, attributes: Record<string, string[]>) => {
      const user = { app_id: appId, id, attributes: json(attributes), updated_at: new Date() };
      await database.db.insertInto('app_user').values(user).execute();
    },
    send: async (MessageRequest: MessageRequest, client = api.client) => {
      const answer = await client.send(new SendMessagesCommand({ ApplicationId: appId, MessageRequest }));
      return answer.MessageResponse;
    },
    /** What reached the mailbox of this test's application. */
    received: async () => (await mailbox.messages()).filter((message) => message.appId === appId),
  };
}

/** A simple e-mail whose body is its subject. */
export const simple = (Subject: string) => ({
  EmailMessage: {
    SimpleEmail: { Subject: { Data: Subject }, HtmlPart: { Data: `<p>${Subject}</p>` } },
  },
});

export const toAnn = { 'ann@example.com': { ChannelType: 'EMAIL' as const } };
