import { z } from 'zod';
import type { SnsEnvelope } from '../../domain/snsEnvelope.ts';
import { readJson } from '../json.ts';
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
  return parseWith<SnsEnvelope>(envelope, readJson(body), 'SNS envelope', { quote: false });
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
