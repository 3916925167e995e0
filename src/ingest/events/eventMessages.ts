import type { Tx } from '../../db/database.ts';
import { contextNames } from '../../domain/messageTags.ts';
import { parseMessageId } from '../../sending/ledger.ts';
import type { EventMessage, IncomingEvent } from './event.ts';

/** What the mobile SDKs and Amplify report of a push: the ids it carried, as event attributes. */
const interaction = /^_(journey|campaign)\.(?:opened_notification|received_foreground|received_background)$/;

/**
 * Finds the messages that events are about: the one a provider names, or the push that a phone's report names by the id
 * it carried; where the app passed on only Pinpoint's own ids, the newest that the endpoint got from that step of the
 * journey, or from that campaign.
 */
export async function eventMessages(
  tx: Tx,
  appId: string,
  events: readonly IncomingEvent[],
): Promise<Map<IncomingEvent, EventMessage>> {
  const found = new Map<IncomingEvent, EventMessage>();
  for (const event of events) {
    const message = event.message
      ? await namedMessage(tx, appId, event.message)
      : await reportedMessage(tx, appId, event);
    if (message) found.set(event, message);
  }
  return found;
}

async function namedMessage(
  tx: Tx,
  appId: string,
  { owner, seq, step }: NonNullable<IncomingEvent['message']>,
): Promise<EventMessage | undefined> {
  if (step !== undefined) return { owner, seq, step };
  return await tx
    .selectFrom('message')
    .select(['owner', 'seq', 'step'])
    .where('app_id', '=', appId)
    .where('owner', '=', owner)
    .where('seq', '=', seq)
    .executeTakeFirst();
}

async function reportedMessage(
  tx: Tx,
  appId: string,
  event: IncomingEvent,
): Promise<EventMessage | undefined> {
  const [, kind] = interaction.exec(event.type) ?? [];
  if (kind === undefined) return undefined;
  const { journey_id, journey_activity_id, campaign_id } = event.attributes;
  const messages = tx
    .selectFrom('message')
    .select(['owner', 'seq', 'step'])
    .where('app_id', '=', appId)
    .where('endpoint_id', '=', event.endpointId)
    .where('channel', '=', 'PUSH')
    .orderBy('owner', 'desc')
    .limit(1);
  const own = parseMessageId(event.attributes[contextNames.messageId] ?? '');
  if (own !== null)
    return await messages.where('owner', '=', own.owner).where('seq', '=', own.seq).executeTakeFirst();
  if (kind === 'campaign') {
    return campaign_id === undefined
      ? undefined
      : await messages.where('campaign_id', '=', campaign_id).executeTakeFirst();
  }
  if (journey_id === undefined || journey_activity_id === undefined) return undefined;
  return await messages
    .where('journey_id', '=', journey_id)
    .where('step', '=', journey_activity_id)
    .executeTakeFirst();
}
