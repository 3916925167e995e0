import { z } from 'zod';
import { parseWith } from '../zodProblems.ts';
import type { Feedback } from './feedback.ts';
import { readSmsRecord } from './smsRecord.ts';

/** "Example AWS End User Messaging SMS event data" in its user guide, as far as it is read. */
const smsEvent = z.object({
  eventType: z.string(),
  eventTimestamp: z.number(),
  isFinal: z.boolean().default(true),
  messageId: z.string(),
  isoCountryCode: z.string().optional(),
  originationPhoneNumber: z.string().optional(),
  destinationPhoneNumber: z.string().optional(),
  messageType: z.string().optional(),
  messageStatus: z.string().optional(),
  context: z.record(z.string(), z.string()).nullish(),
  totalMessageParts: z.number().optional(),
  totalMessagePrice: z.number().optional(),
});

/** What Pinpoint's own stream calls it; whatever else is final has failed. */
const types: Readonly<Record<string, string>> = {
  QUEUED: '_SMS.BUFFERED',
  PENDING: '_SMS.BUFFERED',
  SENT: '_SMS.BUFFERED',
  SUCCESSFUL: '_SMS.SUCCESS',
  DELIVERED: '_SMS.SUCCESS',
};

const MILLICENTS_IN_A_DOLLAR = 100_000;

/**
 * Reads an event of AWS End User Messaging (TEXT_DELIVERED, MEDIA_QUEUED …) as the record that Pinpoint's event stream has
 * of the same thing.
 * @returns null for an event of a voice message, which Pinpoint tells nothing of
 * @throws RepointError BadRequest when it is malformed
 */
export function readSmsEvent(json: unknown): Feedback | null {
  const event = parseWith(smsEvent, json, 'Message', { quote: false });
  const [, outcome] = /^(?:TEXT|MEDIA)_(.+)$/.exec(event.eventType) ?? [];
  if (outcome === undefined) return null;
  const final = types[outcome] ?? '_SMS.FAILURE';
  return readSmsRecord({
    event_type: event.isFinal || final === '_SMS.SUCCESS' ? final : '_SMS.BUFFERED',
    event_timestamp: event.eventTimestamp,
    attributes: attributesOf(event, outcome),
    metrics:
      event.totalMessagePrice === undefined
        ? {}
        : { price_in_millicents_usd: Math.round(event.totalMessagePrice * MILLICENTS_IN_A_DOLLAR) },
  });
}

function attributesOf(event: z.infer<typeof smsEvent>, outcome: string): Record<string, string> {
  const attributes = {
    sender_request_id: event.messageId,
    message_id: event.messageId,
    origination_phone_number: event.originationPhoneNumber,
    destination_phone_number: event.destinationPhoneNumber,
    iso_country_code: event.isoCountryCode,
    message_type: event.messageType && event.messageType[0] + event.messageType.slice(1).toLowerCase(),
    number_of_message_parts: event.totalMessageParts?.toString(),
    record_status: event.messageStatus ?? outcome,
    customer_context: event.context ? JSON.stringify(event.context) : undefined,
  };
  return Object.fromEntries(Object.entries(attributes).filter((pair): pair is [string, string] => !!pair[1]));
}
