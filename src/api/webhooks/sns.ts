import { verify } from 'node:crypto';
import type { Config } from '../../config.ts';
import { parseSnsEnvelope } from '../../contract/notifications/snsEnvelope.ts';
import { shown } from '../../contract/text.ts';
import { RepointError } from '../../domain/errors.ts';
import { type SnsEnvelope, snsDigests, snsTextToSign } from '../../domain/snsEnvelope.ts';
import { snsUrl } from './awsUrl.ts';
import { createKeyFinder, isMailbox } from './certificates.ts';
import { type FetchText, fetchText } from './fetchText.ts';

/** SNS tries for an hour at most with the longest delivery policy; some more for slow clocks. */
const ageMaxMs = 75 * 60_000;
const aheadMaxMs = 5 * 60_000;

export interface SnsReceiver {
  /**
   * Proves that a body came from SNS by a topic of ours; a subscription that asks for it is confirmed.
   * @throws RepointError BadRequest for what is no envelope, Forbidden for a topic, an age or a signature that is
   *   not right, Unavailable when SNS's certificate cannot be had
   */
  receive(body: string, now: Date): Promise<SnsEnvelope>;
}

/** @param fetch for tests: AWS itself is not reached there */
export function createSnsReceiver(config: Config, fetch: FetchText = fetchText): SnsReceiver {
  const findKey = createKeyFinder(config, fetch);
  return {
    async receive(body, now) {
      const envelope = parseSnsEnvelope(body);
      checkTopic(config, envelope.TopicArn);
      checkAge(envelope.Timestamp, now);
      const key = await findKey(envelope);
      const text = Buffer.from(snsTextToSign(envelope));
      const signature = Buffer.from(envelope.Signature, 'base64');
      if (!verify(snsDigests[envelope.SignatureVersion], text, key, signature)) {
        throw new RepointError('Forbidden', 'Signature: it does not fit the message');
      }
      if (envelope.Type === 'SubscriptionConfirmation') await confirm(envelope, fetch);
      return envelope;
    },
  };
}

function checkTopic(config: Config, topicArn: string): void {
  if (isMailbox(config, topicArn) || config.REPOINT_SNS_TOPIC_ARNS.includes(topicArn)) return;
  throw new RepointError('Forbidden', `TopicArn: ${shown(topicArn)} is not in REPOINT_SNS_TOPIC_ARNS`);
}

function checkAge(timestamp: string, now: Date): void {
  const age = now.getTime() - Date.parse(timestamp);
  if (age > ageMaxMs || age < -aheadMaxMs) {
    throw new RepointError('Forbidden', `Timestamp: ${timestamp} is too far from ${now.toISOString()}`);
  }
}

async function confirm(envelope: SnsEnvelope, fetch: FetchText): Promise<void> {
  const url = snsUrl(envelope.SubscribeURL);
  if (
    url?.searchParams.get('Action') !== 'ConfirmSubscription' ||
    url.searchParams.get('TopicArn') !== envelope.TopicArn
  ) {
    throw new RepointError('Forbidden', 'SubscribeURL: not a confirmation of this topic at SNS');
  }
  await fetch(url);
}
