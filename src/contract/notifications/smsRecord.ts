import { z } from 'zod';
import { badRequest } from '../../domain/errors.ts';
import type { FeedbackKind } from '../../domain/feedbackKind.ts';
import { contextNames } from '../../domain/messageTags.ts';
import { readJson } from '../json.ts';
import { parseWith } from '../zodProblems.ts';
import { type Feedback, feedbackEventId, type ReportedMessage } from './feedback.ts';

const anyRecord = z.looseObject({ event_type: z.string() });

/** A record of Pinpoint's event stream, as far as it is read. */
const record = z.object({
  event_timestamp: z.number(),
  attributes: z.record(z.string(), z.string()).default({}),
  metrics: z.record(z.string(), z.number()).default({}),
});

/** What a record proves of the message; an opt-out proves nothing of the one it answers. */
const kinds: Readonly<Record<string, FeedbackKind | null>> = {
  '_SMS.BUFFERED': 'send',
  '_SMS.SUCCESS': 'delivery',
  '_SMS.FAILURE': 'bounce',
  '_SMS.OPTOUT': null,
};

/** Attributes that are kept: the phone numbers and the context are not. */
const kept = ['sender_request_id', 'message_id', 'iso_country_code', 'message_type', 'record_status'];

/**
 * Reads an SMS record of the upstream app's event stream.
 * @returns null for a record of another kind, or that names no message
 * @throws RepointError BadRequest when it is not a record at all
 */
export function readSmsRecord(json: unknown): Feedback | null {
  // The stream has records of everything else, too.
  const { event_type: type } = parseWith(anyRecord, json, 'Message', { quote: false });
  if (!Object.hasOwn(kinds, type)) return null;
  const given = parseWith(record, json, 'Message', { quote: false });
  const { event_timestamp: at, attributes, metrics } = given;
  const context = parseContext(attributes.customer_context);
  const message = reportedMessage(context, attributes.message_id);
  const occurredAt = new Date(at);
  if (message === null) return null;
  if (Number.isNaN(occurredAt.getTime())) {
    throw badRequest([{ path: 'Message.event_timestamp', message: `${at} is not a time in milliseconds` }]);
  }
  return {
    message,
    // Nobody has heard what became of it within 72 hours: that proves no failure.
    kind: attributes.record_status === 'UNKNOWN' ? 'send' : (kinds[type] ?? null),
    detail: attributes.record_status ?? null,
    word: type === '_SMS.OPTOUT' || attributes.record_status === 'OPTED_OUT' ? 'stop' : null,
    event: {
      eventId: feedbackEventId(attributes.message_id ?? JSON.stringify(message), type, String(at)),
      type,
      occurredAt,
      occurredAtText: occurredAt.toISOString(),
      attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => kept.includes(name))),
      metrics,
      details: {},
      streamed: { attributes: ofCallers(attributes, context) },
    },
  };
}

/** The attributes as Pinpoint streams them: the context is the caller's, without what we put into it. */
function ofCallers(
  { customer_context: _, ...attributes }: Readonly<Record<string, string>>,
  context: Readonly<Record<string, string>>,
): Record<string, string> {
  const ours = new Set<string>(Object.values(contextNames));
  const theirs = Object.entries(context).filter(([name]) => !ours.has(name));
  if (theirs.length === 0) return attributes;
  return { ...attributes, customer_context: JSON.stringify(Object.fromEntries(theirs)) };
}

/** By the context of the call that sent it; by the provider's id where the report has none. */
function reportedMessage(
  context: Readonly<Record<string, string>>,
  providerMessageId: string | undefined,
): ReportedMessage | null {
  const messageId = context[contextNames.messageId];
  const appId = context[contextNames.appId];
  if (messageId !== undefined && appId !== undefined) return { appId, messageId };
  return providerMessageId ? { providerMessageId } : null;
}

function parseContext(text: string | undefined): Record<string, string> {
  return z.record(z.string(), z.string()).safeParse(readJson(text ?? '')).data ?? {};
}
