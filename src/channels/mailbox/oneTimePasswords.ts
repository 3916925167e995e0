import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { answerFault } from './faults.ts';
import type { Intake } from './intake.ts';
import type { MailboxMessage } from './message.ts';
import { type MailboxContext, readBody } from './wire.ts';

const sendRequest = z.object({
  BrandName: z.string(),
  Channel: z.literal('SMS'),
  DestinationIdentity: z.string().min(1),
  OriginationIdentity: z.string(),
  ReferenceId: z.string().min(1),
  CodeLength: z.number().int().min(5).max(8).default(6),
  AllowedAttempts: z.number().int().min(1).max(5).default(3),
  ValidityPeriod: z.number().int().min(5).max(60).default(15),
});
const verifyRequest = z.object({
  DestinationIdentity: z.string(),
  Otp: z.string(),
  ReferenceId: z.string(),
});

interface Password {
  readonly code: string;
  readonly validUntil: number;
  attemptsLeft: number;
}

/** SendOTPMessage and VerifyOTPMessage: the code goes to the mailbox as an SMS. A restart forgets open codes. */
export function createOneTimePasswords(intake: Intake) {
  const open = new Map<string, Password>();
  const keyOf = (request: { DestinationIdentity: string; ReferenceId: string }) =>
    JSON.stringify([request.DestinationIdentity, request.ReferenceId]);
  return {
    async send(context: MailboxContext): Promise<Response> {
      const read = await readBody(context, sendRequest);
      if ('refusal' in read) return read.refusal;
      const code = String(randomInt(10 ** read.body.CodeLength)).padStart(read.body.CodeLength, '0');
      const message = passwordMessage(read.body, code, context.req.param('app') ?? '');
      const fault = await intake('SendMessages', message);
      if (fault !== undefined && fault.kind !== 'result') return answerFault(context, fault);
      if (fault !== undefined) {
        const { deliveryStatus: DeliveryStatus, statusCode: StatusCode } = fault;
        return answer(context, message.to, { DeliveryStatus, StatusCode, MessageId: 'message-not-sent' });
      }
      open.set(keyOf(read.body), {
        code,
        validUntil: Date.now() + read.body.ValidityPeriod * 60_000,
        attemptsLeft: read.body.AllowedAttempts,
      });
      const result = { DeliveryStatus: 'SUCCESSFUL', StatusCode: 200, MessageId: message.id };
      return answer(context, message.to, result);
    },
    async verify(context: MailboxContext): Promise<Response> {
      const read = await readBody(context, verifyRequest);
      if ('refusal' in read) return read.refusal;
      const password = open.get(keyOf(read.body));
      if (password === undefined || password.attemptsLeft === 0 || Date.now() > password.validUntil) {
        return context.json({ Valid: false });
      }
      password.attemptsLeft -= 1;
      const valid = password.code === read.body.Otp;
      if (valid) open.delete(keyOf(read.body));
      return context.json({ Valid: valid });
    },
  };
}

function answer(context: MailboxContext, to: string, result: object): Response {
  return context.json({
    ApplicationId: context.req.param('app'),
    RequestId: randomUUID(),
    Result: { [to]: result },
  });
}

function passwordMessage(
  request: z.infer<typeof sendRequest>,
  code: string,
  upstreamAppId: string,
): MailboxMessage {
  const text = `${code} is your ${request.BrandName} code.`;
  return {
    id: `mailbox-${randomUUID()}`,
    channel: 'SMS',
    to: request.DestinationIdentity,
    from: request.OriginationIdentity,
    subject: null,
    text,
    html: null,
    title: null,
    payload: null,
    body: text,
    tags: {},
    appId: upstreamAppId,
    journeyId: null,
    campaignId: null,
    activityId: null,
    endpointId: null,
    sentAt: new Date().toISOString(),
    status: 'accepted',
  };
}
