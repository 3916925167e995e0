import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { channelOf } from '../../domain/channel.ts';
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
  const channel = channelOf(settings.ChannelType) ?? 'PUSH';
  const isPush = channel === 'PUSH';
  const content = partFor(request.MessageConfiguration, settings.ChannelType);
  const payload = settings.RawContent ?? content.RawContent ?? null;
  const shown = payload === null ? given(content, settings) : shownOf(payload);
  return {
    id: `mailbox-${randomUUID()}`,
    channel,
    to,
    from: isPush ? null : (content.OriginationNumber ?? content.SenderId ?? null),
    subject: null,
    text: isPush ? null : shown.body,
    html: null,
    title: isPush ? shown.title : null,
    body: shown.body,
    payload: isPush ? payload : null,
    tags,
    ...idsFrom(tags, contextNames),
    sentAt: new Date().toISOString(),
    status: 'accepted',
  };
}

/** Where a message is not called as its channel type is. */
const configurationName: Readonly<Record<string, string>> = { BAIDU: 'Baidu', VOICE: 'Voice' };

function given(content: Part, settings: z.infer<typeof address>) {
  return {
    title: settings.TitleOverride ?? content.Title ?? null,
    body: settings.BodyOverride ?? content.Body ?? null,
  };
}

function partFor(configuration: Readonly<Record<string, Part>>, channelType: string): Part {
  const family = channelType.split('_', 1)[0] ?? '';
  const named = configuration[`${configurationName[family] ?? family}Message`];
  const push = channelOf(channelType) === 'PUSH' ? configuration.DefaultPushNotificationMessage : undefined;
  return { ...configuration.DefaultMessage, ...push, ...named };
}
