import { z } from 'zod';
import { badRequest } from '../../domain/errors.ts';
import { readJson } from '../json.ts';
import type { Feedback } from './feedback.ts';
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
 * an event of End User Messaging, or an SMS that somebody sent to a number of ours; also inside an event of EventBridge or a
 * record of Kinesis.
 * @returns null for what is none of ours, such as an event of another sender's e-mail
 * @throws RepointError BadRequest when it is malformed, or no notification that is known here
 */
export function parseNotification(message: string): Notification | null {
  if (message.trim() === sesGreeting) return null;
  const json = unwrapped(objectIn(message));
  const reader = readers.find(({ has }) => hasAll(json, has));
  if (reader !== undefined) return reader.read(json);
  throw badRequest([
    { path: 'Message', message: mistakes.find(({ has }) => hasAll(json, has))?.advice ?? unknown },
  ]);
}

type Json = z.infer<typeof looseObject> | undefined;

const unknown = 'no event of SES or End User Messaging, no record of the event stream, no SMS';

/** What comes where something was set up in another way than it has to be, and what is to be done. */
const mistakes: readonly { readonly has: readonly string[]; readonly advice: string }[] = [
  {
    has: ['notificationType', 'mail'],
    advice:
      "a feedback notification of an SES identity, which names no message of ours: have the channel's configuration set publish events",
  },
  {
    has: ['Type', 'TopicArn', 'SubscribeURL'],
    advice:
      "a topic's request to confirm its subscription, which in a queue nobody does for you: open its SubscribeURL",
  },
];

function hasAll(json: Json, names: readonly string[]): boolean {
  return json !== undefined && names.every((name) => Object.hasOwn(json, name));
}

function objectIn(text: string): Json {
  return looseObject.safeParse(readJson(text)).data;
}

/** An event of EventBridge carries it, or a record of Kinesis, as a Pipe hands it on. */
function unwrapped(json: Json): Json {
  if (json === undefined) return undefined;
  if (hasAll(json, ['detail-type', 'detail'])) return looseObject.safeParse(json.detail).data;
  if (!hasAll(json, ['kinesisSchemaVersion', 'data']) || typeof json.data !== 'string') return json;
  return objectIn(Buffer.from(json.data, 'base64').toString('utf8'));
}
