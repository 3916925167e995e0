import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { directMessage, messageRequest } from './directMessage.ts';
import { answerFault, type Fault } from './faults.ts';
import type { Intake } from './intake.ts';
import { createOneTimePasswords } from './oneTimePasswords.ts';
import { type MailboxBindings, type MailboxContext, readBody } from './wire.ts';

const channel = '/v1/apps/:app/channels/:channel';

/** The side of Pinpoint that survives: apps, channels, SendMessages, one-time passwords, phone numbers. */
export function pinpointWire(intake: Intake): Hono<MailboxBindings> {
  const app = new Hono<MailboxBindings>();
  app.post('/v1/apps', async (context) => {
    const read = await readBody(context, z.object({ Name: z.string().min(1) }));
    if ('refusal' in read) return read.refusal;
    const id = randomUUID().replaceAll('-', '');
    const arn = `arn:aws:mobiletargeting:us-east-1:000000000000:apps/${id}`;
    return context.json({ Arn: arn, Id: id, Name: read.body.Name }, 201);
  });
  app.put(channel, (context) => context.json(channelResponse(context, true)));
  app.delete(channel, (context) => context.json(channelResponse(context, false)));
  app.post('/v1/apps/:app/messages', (context) => sendMessages(context, intake));
  const passwords = createOneTimePasswords(intake);
  app.post('/v1/apps/:app/otp', passwords.send);
  app.post('/v1/apps/:app/verify-otp', passwords.verify);
  app.post('/v1/phone/number/validate', validatePhoneNumber);
  return app;
}

/** The request's body is not even read: credentials are accepted and forgotten. */
function channelResponse(context: MailboxContext, exists: boolean) {
  const kind = context.req.param('channel') ?? '';
  return {
    ApplicationId: context.req.param('app'),
    Id: kind,
    Platform: kind.toUpperCase(),
    Enabled: exists,
    HasCredential: exists,
    IsArchived: false,
    Version: 1,
  };
}

async function sendMessages(context: MailboxContext, intake: Intake): Promise<Response> {
  const read = await readBody(context, messageRequest);
  if ('refusal' in read) return read.refusal;
  const result: Record<string, object> = {};
  for (const [address, settings] of Object.entries(read.body.Addresses)) {
    const message = directMessage(read.body, address, settings);
    const fault = await intake('SendMessages', message);
    if (fault !== undefined && fault.kind !== 'result') return answerFault(context, fault);
    result[address] = addressResult(message.id, fault);
  }
  return context.json({ ApplicationId: context.req.param('app'), RequestId: randomUUID(), Result: result });
}

function addressResult(id: string, fault: Extract<Fault, { kind: 'result' }> | undefined) {
  if (fault !== undefined) {
    return {
      DeliveryStatus: fault.deliveryStatus,
      StatusCode: fault.statusCode,
      StatusMessage: `Fault: ${fault.deliveryStatus}`,
      UpdatedToken: fault.updatedToken,
    };
  }
  return { DeliveryStatus: 'SUCCESSFUL', StatusCode: 200, StatusMessage: `MessageId: ${id}`, MessageId: id };
}

async function validatePhoneNumber(context: MailboxContext): Promise<Response> {
  const read = await readBody(
    context,
    z.object({ PhoneNumber: z.string().min(1), IsoCountryCode: z.string().optional() }),
  );
  if ('refusal' in read) return read.refusal;
  const { PhoneNumber: number, IsoCountryCode: country } = read.body;
  const digits = number.replace(/\D/g, '');
  const valid = digits.length >= 8 && digits.length <= 15;
  return context.json({
    OriginalPhoneNumber: number,
    ...(country === undefined ? {} : { OriginalCountryCodeIso2: country, CountryCodeIso2: country }),
    PhoneType: valid ? 'MOBILE' : 'INVALID',
    PhoneTypeCode: valid ? 0 : 3,
    ...(valid ? { CleansedPhoneNumberE164: `+${digits}`, CleansedPhoneNumberNational: digits } : {}),
  });
}
