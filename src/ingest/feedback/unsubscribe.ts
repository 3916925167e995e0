import { feedbackEventId } from '../../contract/notifications/feedback.ts';
import { recordAddressFate } from '../../sending/addressFate.ts';
import { formatMessageId, type MessageKey } from '../../sending/ledger.ts';
import { readUnsubscribeToken, type TokenSubject } from '../../sending/unsubscribeLink.ts';
import { type FeedbackDeps, recordFeedback } from './feedback.ts';

/**
 * What follows when somebody uses the unsubscribe link of a message: its endpoint is opted out, whatever address it has by
 * now, and the message has an event `_email.unsubscribe`. A repeat opts out again and makes no second event.
 * @returns false for a token that is not ours, and for a message that is not known any more
 */
export async function unsubscribe(deps: FeedbackDeps, token: string): Promise<boolean> {
  const subject = readUnsubscribeToken(deps.config, token);
  const message = subject && (await findMessage(deps, subject));
  if (!subject || !message) return false;
  const { appId } = subject;
  const messageId = formatMessageId(message, 1);
  await recordFeedback(deps, {
    message: { appId, messageId },
    kind: 'unsubscribe',
    detail: null,
    word: null,
    event: {
      eventId: feedbackEventId('unsubscribe', messageId),
      type: '_email.unsubscribe',
      occurredAt: new Date(),
      // tells repeats apart from nothing: every use of the link is the same event
      occurredAtText: messageId,
      attributes: { feedback: 'unsubscribe' },
      metrics: {},
      details: {},
    },
  });
  await optOut(deps, appId, message.endpoint_id);
  return true;
}

async function findMessage({ db }: FeedbackDeps, subject: TokenSubject) {
  const messages = await db
    .selectFrom('message')
    .select(['owner', 'seq', 'endpoint_id'])
    .where('app_id', '=', subject.appId)
    .where('owner', '=', subject.owner)
    .$if('seq' in subject, (query) => query.where('seq', '=', 'seq' in subject ? subject.seq : 0))
    // a request has at most some hundreds; a campaign's or a journey's token has the number
    .limit(10_000)
    .execute();
  return messages.find(
    (message): message is MessageKey & { endpoint_id: string } =>
      message.endpoint_id !== null && ('seq' in subject || subject.isAbout(message.endpoint_id)),
  );
}

async function optOut({ db, clock }: FeedbackDeps, appId: string, endpointId: string): Promise<void> {
  const now = await clock.now();
  await db.transaction().execute(async (tx) => {
    const endpoint = await tx
      .selectFrom('endpoint')
      .select('address')
      .where('app_id', '=', appId)
      .where('id', '=', endpointId)
      .executeTakeFirst();
    const address = endpoint?.address;
    if (!address) return;
    await recordAddressFate(tx, appId, { endpointId, address }, { optOut: 'ALL', optOutAt: now }, now);
  });
}
