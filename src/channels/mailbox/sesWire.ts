import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { emailTags } from '../../domain/messageTags.ts';
import type { AccountDesk, MailboxAccount, Refusal } from './account.ts';
import { answerFault } from './faults.ts';
import type { Intake } from './intake.ts';
import { readMail, words } from './mail.ts';
import { idsFrom, type MailboxMessage } from './message.ts';
import { awsError, type MailboxBindings, type MailboxContext, readBody } from './wire.ts';

const content = z.object({ Data: z.string() });
const tag = z.object({ Name: z.string().regex(/^[A-Za-z0-9_:-]{1,256}$/), Value: z.string() });
const sendEmailRequest = z.object({
  FromEmailAddress: z.string().optional(),
  Destination: z.object({ ToAddresses: z.array(z.string()).optional() }).optional(),
  EmailTags: z
    .array(tag.extend({ Value: z.string().regex(/^[A-Za-z0-9_.@-]{1,256}$/, 'a character SES refuses') }))
    .default([]),
  Content: z.object({
    Simple: z
      .object({
        Subject: content,
        Body: z.object({ Html: content.optional(), Text: content.optional() }),
        Headers: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
      })
      .optional(),
    Raw: content.optional(),
  }),
});

type SendEmailRequest = z.infer<typeof sendEmailRequest>;

/** SES v2's wire, as far as sending goes: SendEmail and GetAccount. Signatures are not looked at. */
export function sesWire(intake: Intake, desk: AccountDesk): Hono<MailboxBindings> {
  const app = new Hono<MailboxBindings>();
  app.post('/v2/email/outbound-emails', async (context) => {
    const read = await readBody(context, sendEmailRequest);
    if ('refusal' in read) return read.refusal;
    const to = read.body.Destination?.ToAddresses ?? [];
    if (to.length === 0) return awsError(context, 400, 'BadRequestException', 'Destination: no address');
    if (!read.body.Content.Simple && !read.body.Content.Raw) {
      return awsError(context, 400, 'BadRequestException', 'Content: neither Simple nor Raw');
    }
    const refused = desk.admit();
    if (refused !== null) return overLimit(context, refused);
    const message = emailMessage(read.body, to);
    const fault = await intake('SendEmail', message);
    if (fault !== undefined && fault.kind !== 'result') return answerFault(context, fault);
    return context.json({ MessageId: message.id });
  });
  app.get('/v2/email/account', (context) => context.json(accountAnswer(desk.account())));
  return app;
}

/** What SES calls each; the message tells its limits apart. */
function overLimit(context: MailboxContext, refused: Refusal): Response {
  return refused === 'Sending is paused'
    ? awsError(context, 400, 'SendingPausedException', refused)
    : awsError(context, 429, 'TooManyRequestsException', refused);
}

function accountAnswer({ SendingEnabled, ProductionAccessEnabled, ...SendQuota }: MailboxAccount) {
  return {
    DedicatedIpAutoWarmupEnabled: false,
    EnforcementStatus: 'HEALTHY',
    ProductionAccessEnabled,
    SendingEnabled,
    SendQuota,
  };
}

function emailMessage(request: SendEmailRequest, to: readonly string[]): MailboxMessage {
  const tags = Object.fromEntries(request.EmailTags.map(({ Name, Value }) => [Name, Value]));
  const { Simple: simple, Raw: raw } = request.Content;
  const { FromEmailAddress: from } = request;
  const mail = raw === undefined ? null : readMail(Buffer.from(raw.Data, 'base64'));
  return {
    id: `mailbox-${randomUUID()}`,
    channel: 'EMAIL',
    to: to.join(', '),
    from: from === undefined ? (mail?.from ?? null) : words(from),
    subject: simple?.Subject.Data ?? mail?.subject ?? null,
    text: simple?.Body.Text?.Data ?? mail?.text ?? null,
    html: simple?.Body.Html?.Data ?? mail?.html ?? null,
    title: null,
    payload: null,
    body: null,
    headers: Object.fromEntries((simple?.Headers ?? []).map(({ Name, Value }) => [Name, words(Value)])),
    tags,
    ...idsFrom(tags, emailTags),
    sentAt: new Date().toISOString(),
    status: 'accepted',
  };
}
