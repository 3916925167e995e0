import type { Feedback } from '../contract/feedback.ts';
import type { Tx } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { type MessageKey, parseMessageId } from '../sending/ledger.ts';
import { settleByFeedback } from '../sending/settleByFeedback.ts';
import { recordEvents } from './recordEvents.ts';

/**
 * What a provider's notification causes, in one transaction: the message is settled by what it proves, and it
 * becomes an event like any other. Repeated and unordered notifications are harmless.
 * @returns false for a message that is not, or no longer, in the ledger
 */
export async function recordFeedback(deps: Pick<Deps, 'db' | 'clock'>, feedback: Feedback): Promise<boolean> {
  const key = parseMessageId(feedback.messageId);
  if (key === null) return false;
  const now = await deps.clock.now();
  return deps.db.transaction().execute(async (tx) => {
    const message = await findMessage(tx, feedback.appId, key);
    if (message === undefined) return false;
    const { appId, kind, detail, event } = feedback;
    if (kind !== null) await settleByFeedback(tx, appId, key, kind, detail, now);
    const attributes = { ...event.attributes, ...originOf(message) };
    // A message to a bare address has no endpoint; Pinpoint, too, gives its events a client id of their own.
    const endpointId = message.endpoint_id ?? key.owner;
    await recordEvents(
      tx,
      appId,
      [{ ...event, attributes, endpointId, message: { owner: key.owner, seq: key.seq } }],
      now,
    );
    return true;
  });
}

function findMessage(tx: Tx, appId: string, key: MessageKey) {
  return tx
    .selectFrom('message')
    .select(['owner', 'step', 'endpoint_id', 'journey_id', 'campaign_id'])
    .where('app_id', '=', appId)
    .where('owner', '=', key.owner)
    .where('seq', '=', key.seq)
    .executeTakeFirst();
}

type Message = NonNullable<Awaited<ReturnType<typeof findMessage>>>;

/** The attributes under which Pinpoint names where a message came from. */
function originOf(message: Message): Record<string, string> {
  if (message.journey_id !== null) {
    return { journey_id: message.journey_id, journey_activity_id: message.step };
  }
  if (message.campaign_id !== null) {
    return { campaign_id: message.campaign_id, campaign_activity_id: message.owner };
  }
  return {};
}
