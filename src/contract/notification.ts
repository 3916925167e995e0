import { z } from 'zod';
import { badRequest } from '../domain/errors.ts';
import type { Feedback } from './feedback.ts';
import { readJson } from './json.ts';
import { readSesEvent } from './sesEvent.ts';
import { readSmsEvent } from './smsEvent.ts';
import { readSmsRecord } from './smsRecord.ts';
import { readSmsReply, type SmsReply } from './smsReply.ts';

/** What SES writes into a topic when it becomes an event destination; the only notification that is no JSON. */
const sesGreeting = 'Successfully validated SNS topic for Amazon SES event publishing.';

const looseObject = z.looseObject({});

/** What providers tell: what became of a message, or what somebody answered. */
export type Notification =
  | { readonly is: 'feedback'; readonly feedback: Feedback }
  | { readonly is: 'reply'; readonly reply: SmsReply };

interface Reader {
  readonly has: readonly string[];
  readonly read: (json: unknown) => Notification | null;
}

const feedbackBy = (read: (json: unknown) => Feedback | null) => (json: unknown) => {
  const feedback = read(json);
  return feedback && ({ is: 'feedback', feedback } as const);
};

/** Which notification it is, by what only that one has; the first that fits reads it. */
const readers: readonly Reader[] = [
  { has: ['eventType', 'mail'], read: feedbackBy(readSesEvent) },
  { has: ['event_type', 'event_timestamp'], read: feedbackBy(readSmsRecord) },
  { has: ['eventType', 'eventTimestamp'], read: feedbackBy(readSmsEvent) },
  { has: ['originationNumber', 'messageBody'], read: (json) => ({ is: 'reply', reply: readSmsReply(json) }) },
];

/**
 * Reads what a provider tells, whichever door it came by: SES event publishing, a record of the upstream app's event stream,
 * an event of End User Messaging, or an SMS that somebody sent to a number of ours; also inside an event of EventBridge.
 * @returns null for what is none of ours, such as an event of another sender's e-mail
 * @throws RepointError BadRequest when it is malformed, or no notification that is known here
 */
export function parseNotification(message: string): Notification | null {
  if (message.trim() === sesGreeting) return null;
  const json = withoutEventBridge(looseObject.safeParse(readJson(message)).data);
  const reader = readers.find(({ has }) =>
    has.every((name) => json !== undefined && Object.hasOwn(json, name)),
  );
  if (reader !== undefined) return reader.read(json);
  throw badRequest([
    {
      path: 'Message',
      message: 'no event of SES or End User Messaging, no record of the event stream, no SMS',
    },
  ]);
}

type Json = z.infer<typeof looseObject> | undefined;

function withoutEventBridge(json: Json): Json {
  const isEvent = json !== undefined && 'detail-type' in json && 'detail' in json;
  return isEvent ? looseObject.safeParse(json.detail).data : json;
}
