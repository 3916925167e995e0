import { z } from 'zod';
import { badRequest } from '../domain/errors.ts';
import type { Feedback } from './feedback.ts';
import { readJson } from './json.ts';
import { readSesEvent } from './sesEvent.ts';
import { readSmsRecord } from './smsRecord.ts';

/** What SES writes into a topic when it becomes an event destination; the only notification that is no JSON. */
const sesGreeting = 'Successfully validated SNS topic for Amazon SES event publishing.';

const looseObject = z.looseObject({});

/** Which notification it is, by what only that one has; the first that fits reads it. */
const readers: readonly {
  readonly has: readonly string[];
  readonly read: (json: unknown) => Feedback | null;
}[] = [
  { has: ['eventType', 'mail'], read: readSesEvent },
  { has: ['event_type', 'event_timestamp'], read: readSmsRecord },
];

/**
 * Reads what a provider tells, whichever door it came by: SES event publishing, or a record of the upstream app's event
 * stream; also inside an event of EventBridge.
 * @returns null for what is none of ours, such as an event of another sender's e-mail
 * @throws RepointError BadRequest when it is malformed, or no notification that is known here
 */
export function parseNotification(message: string): Feedback | null {
  if (message.trim() === sesGreeting) return null;
  const json = withoutEventBridge(looseObject.safeParse(readJson(message)).data);
  const reader = readers.find(({ has }) =>
    has.every((name) => json !== undefined && Object.hasOwn(json, name)),
  );
  if (reader !== undefined) return reader.read(json);
  throw badRequest([
    { path: 'Message', message: 'neither an event of SES nor a record of the event stream' },
  ]);
}

type Json = z.infer<typeof looseObject> | undefined;

function withoutEventBridge(json: Json): Json {
  const isEvent = json !== undefined && 'detail-type' in json && 'detail' in json;
  return isEvent ? looseObject.safeParse(json.detail).data : json;
}
