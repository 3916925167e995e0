import { z } from 'zod';
import { badRequest } from '../../domain/errors.ts';
import type { SnsEnvelope } from '../../domain/snsEnvelope.ts';
import { readJson, whyNoJson } from '../json.ts';
import { parseWith } from '../zodProblems.ts';

const envelope = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string().min(1),
  TopicArn: z.string().min(1),
  Subject: z
    .string()
    .nullish()
    .transform((text) => text ?? undefined),
  Message: z.string(),
  Timestamp: z.iso.datetime({ offset: true }),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64().min(1),
  SigningCertURL: z.url(),
  SubscribeURL: z.string().optional(),
  Token: z.string().optional(),
});

/**
 * Reads what SNS posts (as text/plain; raw message delivery, which has no signature, is not taken).
 * @throws RepointError BadRequest naming every member that is wrong
 */
export function parseSnsEnvelope(body: string): SnsEnvelope {
  const json = readJson(body);
  const other = whatElse(body, json);
  if (other !== undefined) throw badRequest([{ path: 'request body', message: `${other}; ${whatSnsPosts}` }]);
  return parseWith<SnsEnvelope>(envelope, json, 'SNS envelope', { quote: false });
}

const whatSnsPosts = 'what SNS posts is a JSON object with Type, TopicArn, Message and Signature';

/** What a body is that is no envelope at all; undefined for one that may be. */
function whatElse(body: string, json: unknown): string | undefined {
  const fault = whyNoJson(body);
  if (fault !== undefined) return fault;
  const object = z.record(z.string(), z.unknown()).safeParse(json).data;
  if (object === undefined) return 'not a JSON object';
  const isRaw = ['eventType', 'event_type', 'originationNumber', 'detail-type'].some(
    (name) => name in object,
  );
  return isRaw
    ? 'an event without its envelope: switch raw message delivery of the subscription off'
    : undefined;
}

const delivered = z.looseObject({
  Type: z.literal('Notification'),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.iso.datetime({ offset: true }).optional(),
});

/** What a message in a queue tells: SNS's Message where the topic wraps it, else all of it (raw message delivery). */
export function messageInQueue(body: string): { readonly message: string; readonly sentAt: Date | null } {
  const envelope = delivered.safeParse(readJson(body)).data;
  if (envelope === undefined) return { message: body, sentAt: null };
  return { message: envelope.Message, sentAt: envelope.Timestamp ? new Date(envelope.Timestamp) : null };
}
