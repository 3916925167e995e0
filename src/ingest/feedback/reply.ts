import type { SmsReply } from '../../contract/notifications/smsReply.ts';
import { type EndpointAt, endpointsAtNumber } from '../../db/people/endpointsAt.ts';
import { keywordOf } from '../../domain/smsKeyword.ts';
import { findReported, type ReportedRow } from '../../sending/findReported.ts';
import { followWord } from '../../sending/followWord.ts';
import { recordEvents } from '../events/recordEvents.ts';
import { type FeedbackDeps, logicalTime } from './feedback.ts';
import { originAttributes } from './originAttributes.ts';

/**
 * What somebody's SMS to a number of ours causes: STOP and the other keywords opt the number out, START opts it in again.
 * A STOP is an event `_SMS.OPTOUT` of each endpoint with that number, and of the message it answers, where it names that.
 * What else people write is not kept.
 * @param sentAt real time
 * @returns false for what is no keyword
 */
export async function recordReply(deps: FeedbackDeps, reply: SmsReply, sentAt: Date): Promise<boolean> {
  const word = keywordOf(reply.text);
  if (word === null) return false;
  const now = await deps.clock.now();
  const answered =
    reply.answers === null ? undefined : await findReported(deps.db, { providerMessageId: reply.answers });
  if (word === 'stop') {
    for (const at of await endpointsAtNumber(deps.db, reply.phoneNumber)) {
      await recordOptOut(deps, { at, reply, answered, sentAt }, now);
    }
  }
  const speaker = { endpoint: null, channel: 'SMS', address: reply.phoneNumber };
  await followWord(deps, word, { speaker, saidAt: logicalTime(sentAt, now), now });
  return true;
}

interface Stopped {
  readonly at: EndpointAt;
  readonly reply: SmsReply;
  readonly answered: ReportedRow | undefined;
  readonly sentAt: Date;
}

async function recordOptOut({ db }: FeedbackDeps, { at, reply, answered, sentAt }: Stopped, now: Date) {
  const { appId, endpointId } = at;
  const isAnswered = answered?.app_id === appId && answered.endpoint_id === endpointId;
  const event = {
    endpointId,
    eventId: reply.id,
    type: '_SMS.OPTOUT',
    occurredAt: sentAt,
    // The same for a repeat, however late it is sent again: the reply's id tells replies apart.
    occurredAtText: reply.id,
    attributes: { record_status: 'OPTED_OUT', ...(isAnswered && originAttributes(answered)) },
    metrics: {},
    details: {},
    ...(isAnswered ? { message: { owner: answered.owner, seq: answered.seq } } : {}),
  };
  await db.transaction().execute((tx) => recordEvents(tx, appId, [event], now));
}
