import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { contextNames } from '../../domain/messageTags.ts';
import { shownOf } from './devicePayload.ts';
import { idsFrom, type MailboxMessage } from './message.ts';

const address = z.object({
  ChannelType: z.string(),
  BodyOverride: z.string().optional(),
  TitleOverride: z.string().optional(),
  RawContent: z.string().optional(),
  Context: z.record(z.string(), z.string()).optional(),
});
const part = z.object({
  Title: z.string().optional(),
  Body: z.string().optional(),
  RawContent: z.string().optional(),
  OriginationNumber: z.string().optional(),
  SenderId: z.string().optional(),
});

/** What of a MessageRequest the mailbox reads; templates and substitutions are the sender's business, not a sink's. */
export const messageRequest = z.object({
  Addresses: z.record(z.string(), address),
  Context: z.record(z.string(), z.string()).default({}),
  MessageConfiguration: z.record(z.string(), part),
});

type Part = z.infer<typeof part>;

/** The message that one address of a SendMessages request gets. */
export function directMessage(
  request: z.infer<typeof messageRequest>,
  to: string,
  settings: z.infer<typeof address>,
): MailboxMessage {
  const tags = { ...request.Context, ...settings.Context };
  const isSms = settings.ChannelType === 'SMS';
  const content = partFor(request.MessageConfiguration, settings.ChannelType);
  const payload = settings.RawContent ?? content.RawContent ?? null;
  const shown = payload === null ? given(content, settings) : shownOf(payload);
  return {
    id: `mailbox-${randomUUID()}`,
    channel: isSms ? 'SMS' : 'PUSH',
    to,
    from: isSms ? (content.OriginationNumber ?? content.SenderId ?? null) : null,
    subject: null,
    text: isSms ? shown.body : null,
    html: null,
    title: isSms ? null : shown.title,
    body: shown.body,
    payload: isSms ? null : payload,
    tags,
    ...idsFrom(tags, contextNames),
    sentAt: new Date().toISOString(),
    status: 'accepted',
  };
}

function given(content: Part, settings: z.infer<typeof address>) {
  return {
    title: settings.TitleOverride ?? content.Title ?? null,
    body: settings.BodyOverride ?? content.Body ?? null,
  };
}

function partFor(configuration: Readonly<Record<string, Part>>, channelType: string): Part {
  const family = channelType.split('_', 1)[0] ?? '';
  const named = configuration[`${family === 'BAIDU' ? 'Baidu' : family}Message`];
  const push = channelType === 'SMS' ? undefined : configuration.DefaultPushNotificationMessage;
  return { ...configuration.DefaultMessage, ...push, ...named };
}
