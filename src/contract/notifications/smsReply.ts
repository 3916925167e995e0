import { z } from 'zod';
import { parseWith } from '../zodProblems.ts';

/** "Example of a two-way SMS message payload" in the End User Messaging user guide. */
const payload = z.object({
  originationNumber: z.string(),
  messageBody: z.string(),
  inboundMessageId: z.string(),
  previousPublishedMessageId: z.string().nullish(),
});

/** What somebody wrote to a number of ours. It tells no time. */
export interface SmsReply {
  readonly phoneNumber: string;
  readonly text: string;
  readonly id: string;
  /** The provider's id of the message it answers. */
  readonly answers: string | null;
}

/** @throws RepointError BadRequest when it is malformed */
export function readSmsReply(json: unknown): SmsReply {
  const reply = parseWith(payload, json, 'Message', { quote: false });
  return {
    phoneNumber: reply.originationNumber,
    text: reply.messageBody,
    id: reply.inboundMessageId,
    answers: reply.previousPublishedMessageId ?? null,
  };
}
