import type { PutEventsCommandInput } from '@aws-sdk/client-pinpoint';
import { beforeAll, expect, it } from 'vitest';
import { createSender } from '../../../src/channels/createSender.ts';
import { insertApp } from '../../../src/db/apps.ts';
import { newResourceId } from '../../../src/db/ids.ts';
import { createLog } from '../../../src/log.ts';
import { useApi } from '../../support/api.ts';
import { useDatabase } from '../../support/database.ts';
import { useMailbox } from '../../support/mailbox.ts';
import { aPush } from '../../support/outgoing.ts';

const appId = newResourceId();
const heard: PutEventsCommandInput[] = [];
let statusCode = 202;

const database = useDatabase();
const mailbox = useMailbox();
const api = useApi(database, {
  handlers: {
    PutEvents: async (input) => {
      heard.push(input);
      const Results = Object.fromEntries(
        Object.entries(input.EventsRequest?.BatchItem ?? {}).map(([endpoint, item]) => [
          endpoint,
          {
            EventsItemResponse: Object.fromEntries(
              Object.keys(item.Events ?? {}).map((event) => [event, { StatusCode: statusCode, Message: '' }]),
            ),
          },
        ]),
      );
      return { EventsResponse: { Results } };
    },
  },
});
beforeAll(async () => {
  const now = new Date();
  await insertApp(database.db, { id: appId, name: 'Shop', tags: {} }, now);
  mailbox.pointAt(api.url);
});

async function push(origin: object) {
  await createSender(mailbox.config, createLog('silent')).send(aPush({ appId, origin }));
  return (await mailbox.messages()).at(-1)?.id ?? '';
}

it('tells that a push of a journey was opened, by PutEvents and with the ids of its context', async () => {
  const endpointId = 'user 123/iphone';
  await mailbox.play(await push({ journeyId: 'j1', activityId: 'Push', endpointId }), 'open');
  const input = heard.at(-1);
  const events = Object.values(input?.EventsRequest?.BatchItem?.[endpointId]?.Events ?? {});
  expect(input?.ApplicationId).toBe(appId);
  expect(events).toMatchObject([
    {
      EventType: '_journey.opened_notification',
      Attributes: { journey_id: 'j1', journey_activity_id: 'Push', repoint_message: aPush().messageId },
    },
  ]);
  expect((await mailbox.messages()).at(-1)?.status).toBe('opened');
});

it('tells that a push of a campaign was opened', async () => {
  await mailbox.play(await push({ campaignId: 'c1', activityId: 'run1', endpointId: 'e1' }), 'open');
  const events = Object.values(heard.at(-1)?.EventsRequest?.BatchItem?.e1?.Events ?? {});
  expect(events).toMatchObject([
    {
      EventType: '_campaign.opened_notification',
      Attributes: { campaign_id: 'c1', campaign_activity_id: 'run1' },
    },
  ]);
});

it('leaves the message as it was when the API does not take the event', async () => {
  const id = await push({ journeyId: 'j1', endpointId: 'e1' });
  statusCode = 400;
  await expect(mailbox.play(id, 'open')).rejects.toThrow(/502/);
  expect((await mailbox.messages()).at(-1)?.status).toBe('accepted');
});
