import type { Streamed } from '../db/streams/streamRecords.ts';
import { type CallOutcome, type SendStatus, statusOfCall } from '../domain/stream/sendStatus.ts';
import type { MessageOwner, Recipient } from './ledger.ts';

type Owner = Pick<MessageOwner, 'owner' | 'step' | 'journeyId' | 'campaignId'> & {
  readonly channel: string;
};
type SentTo = Pick<Recipient, 'endpointId' | 'channelType'>;

/** What the event stream tells of an attempt to send; nothing of what no journey or campaign sent. */
export function sendFacts(owner: Owner, { endpointId, channelType }: SentTo, status: SendStatus): Streamed[] {
  const origin = originOf(owner);
  if (endpointId === null || origin === null) return [];
  const { step, channel } = owner;
  const detail = { step, channel, channelType, ...origin, ...status };
  return [{ endpointId, kind: 'send', subject: owner.owner, detail }];
}

/** The same of a call that was made. */
export function callFacts(owner: Owner, recipient: SentTo, outcome: CallOutcome): Streamed[] {
  const sends = owner.journeyId === undefined ? 'campaign' : 'journey';
  return sendFacts(owner, recipient, statusOfCall(sends, outcome));
}

function originOf({ journeyId, campaignId }: Owner) {
  if (journeyId !== undefined) return { journeyId };
  return campaignId === undefined ? null : { campaignId };
}
