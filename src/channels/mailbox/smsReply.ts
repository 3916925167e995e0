import { randomUUID } from 'node:crypto';
import type { MailboxMessage } from './message.ts';

const texts = { stop: 'STOP', start: 'START' } as const;

export type Reply = keyof typeof texts;

/** Whether an event is that somebody writes back. */
export function isReply(event: string): event is Reply {
  return Object.hasOwn(texts, event);
}

/** What End User Messaging tells of an SMS that somebody writes back: "Two-way SMS messaging" in its user guide. */
export function smsReply(message: MailboxMessage, reply: Reply): object {
  return {
    originationNumber: message.to,
    destinationNumber: message.from ?? '',
    messageKeyword: '',
    messageBody: texts[reply],
    previousPublishedMessageId: message.id,
    inboundMessageId: randomUUID(),
  };
}
