import { PinpointClient, PutEventsCommand } from '@aws-sdk/client-pinpoint';
import { reportedIds } from './devicePayload.ts';
import type { MailboxMessage } from './message.ts';

export interface PhoneSettings {
  readonly apiUrl: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What the SDKs report of a push that is part of no campaign and no journey. */
const direct = { source: 'campaign', ids: { campaign_id: '_DIRECT' } };

/** Whether a phone could tell of it: it must know its endpoint and its app. */
export function canBeOpened(message: MailboxMessage): boolean {
  return message.channel === 'PUSH' && message.endpointId !== null && message.appId !== null;
}

/**
 * Tells the API that a push was opened, by PutEvents, as an app on a phone does: with the ids in what reached it.
 * @throws the SDK's error when the API refuses the event or cannot be reached
 */
export async function openNotification(
  message: MailboxMessage,
  settings: PhoneSettings,
  at: Date,
): Promise<void> {
  const { apiUrl: endpoint, credentials } = settings;
  const client = new PinpointClient({
    endpoint,
    credentials,
    region: 'us-east-1',
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  });
  const { source, ids } = reportedIds(message.payload ?? '') ?? direct;
  try {
    const answer = await client.send(
      new PutEventsCommand({
        ApplicationId: message.appId ?? undefined,
        EventsRequest: {
          BatchItem: {
            [message.endpointId ?? '']: {
              Endpoint: {},
              Events: {
                [`${message.id}-opened-${at.getTime()}`]: {
                  EventType: `_${source}.opened_notification`,
                  Timestamp: at.toISOString(),
                  Attributes: ids,
                },
              },
            },
          },
        },
      }),
    );
    const item = Object.values(answer.EventsResponse?.Results ?? {})[0];
    const event = Object.values(item?.EventsItemResponse ?? {})[0];
    if (event?.StatusCode !== 202) throw new Error(`PutEvents answered ${event?.StatusCode} for the event`);
  } finally {
    client.destroy();
  }
}
