import { Hono } from 'hono';
import { z } from 'zod';
import type { MailboxMessage } from './message.ts';
import type { MessageStore } from './messageStore.ts';
import { awsError, type MailboxBindings, readBody } from './wire.ts';

const mostOnAPage = 1000;
const optedOutRequest = z.object({
  OptOutListName: z.string(),
  NextToken: z.string().optional(),
  MaxResults: z.number().int().min(1).max(100).default(100),
});

/**
 * The lists on which SES and End User Messaging put addresses: here those of messages whose bounce, complaint or opt-out was
 * played. SES v2's ListSuppressedDestinations, and DescribeOptedOutNumbers of `pinpoint-sms-voice-v2`.
 */
export function suppressionWire(store: MessageStore): Hono<MailboxBindings> {
  const app = new Hono<MailboxBindings>();
  app.get('/v2/email/suppression/addresses', (context) => {
    const { PageSize = mostOnAPage, NextToken = '0' } = context.req.query();
    const page = pageOf(suppressedEmails(store), Number(PageSize), NextToken);
    return context.json({ SuppressedDestinationSummaries: page.items, NextToken: page.next });
  });
  app.post('/', async (context) => {
    const target = context.req.header('x-amz-target');
    if (target !== 'PinpointSMSVoiceV2.DescribeOptedOutNumbers') {
      return awsError(context, 404, 'NotFoundException', `The mailbox has no ${target}`);
    }
    const read = await readBody(context, optedOutRequest);
    if ('refusal' in read) return read.refusal;
    const { OptOutListName, MaxResults, NextToken = '0' } = read.body;
    const page = pageOf(optedOutNumbers(store), MaxResults, NextToken);
    return context.json({ OptOutListName, OptedOutNumbers: page.items, NextToken: page.next });
  });
  return app;
}

function suppressedEmails(store: MessageStore) {
  return newestByAddress(store, 'EMAIL', ['bounced', 'complained']).map((message) => ({
    EmailAddress: message.to,
    Reason: message.status === 'bounced' ? 'BOUNCE' : 'COMPLAINT',
    LastUpdateTime: Date.parse(message.sentAt) / 1000,
  }));
}

function optedOutNumbers(store: MessageStore) {
  return newestByAddress(store, 'SMS', ['complained', 'stopped']).map((message) => ({
    OptedOutNumber: message.to,
    OptedOutTimestamp: Date.parse(message.sentAt) / 1000,
    EndUserOptedOut: true,
  }));
}

function newestByAddress(
  store: MessageStore,
  channel: MailboxMessage['channel'],
  statuses: readonly MailboxMessage['status'][],
): MailboxMessage[] {
  const messages = store.list().filter((one) => one.channel === channel && statuses.includes(one.status));
  return [...new Map(messages.map((one) => [one.to, one])).values()];
}

function pageOf<T>(items: readonly T[], size: number, token: string): { items: T[]; next?: string } {
  const start = Number(token);
  const end = start + size;
  return { items: items.slice(start, end), ...(end < items.length ? { next: String(end) } : {}) };
}
