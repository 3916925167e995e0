import type {
  APNSMessage,
  DirectMessageConfiguration,
  EmailMessage,
  GCMMessage,
  SMSMessage,
} from '@aws-sdk/client-pinpoint';
import { channelOf } from '../../domain/channel.ts';
import { defined } from '../../domain/defined.ts';
import type { SendingChoices } from '../../sending/compose.ts';
import type { PushPart, TemplateContent } from '../../templates/content.ts';
import type { ChannelMessage } from './channelMessage.ts';

/** The inline message of a request for a channel type; undefined where it says nothing for it. */
export function inlineMessage(
  configuration: DirectMessageConfiguration,
  channelType: string,
): ChannelMessage | undefined {
  const channel = channelOf(channelType);
  return channel === null ? undefined : readers[channel](configuration, channelType);
}

type Reader = (configuration: DirectMessageConfiguration, channelType: string) => ChannelMessage | undefined;

const readers: Record<TemplateContent['type'], Reader> = { EMAIL: email, SMS: sms, VOICE: voice, PUSH: push };

function email({ EmailMessage: message, DefaultMessage: fallback }: DirectMessageConfiguration) {
  if (message === undefined && fallback === undefined) return undefined;
  const raw = message?.RawEmail?.Data;
  return {
    content: emailContent(message, fallback?.Body),
    rawBase64: raw?.length ? Buffer.from(raw).toString('base64') : undefined,
    defaults: {},
    substitutions: { ...fallback?.Substitutions, ...message?.Substitutions },
    choices: defined({
      fromAddress: message?.FromAddress,
      replyTo: message?.ReplyToAddresses,
      feedbackForwardingAddress: message?.FeedbackForwardingAddress,
    }),
  };
}

function emailContent(message: EmailMessage | undefined, fallback: string | undefined): TemplateContent {
  const simple = message?.SimpleEmail;
  if (simple === undefined) return { type: 'EMAIL', TextPart: message?.Body ?? fallback };
  return {
    type: 'EMAIL',
    Subject: simple.Subject?.Data,
    HtmlPart: simple.HtmlPart?.Data,
    TextPart: simple.TextPart?.Data,
    Headers: simple.Headers,
  };
}

function sms({ SMSMessage: message, DefaultMessage: fallback }: DirectMessageConfiguration) {
  if (message === undefined && fallback === undefined) return undefined;
  return {
    content: { type: 'SMS' as const, Body: message?.Body ?? fallback?.Body },
    defaults: {},
    substitutions: { ...fallback?.Substitutions, ...message?.Substitutions },
    choices: smsChoices(message),
  };
}

function smsChoices(message: SMSMessage | undefined): SendingChoices {
  return defined({
    messageType: message?.MessageType,
    senderId: message?.SenderId,
    originationNumber: message?.OriginationNumber,
    keyword: message?.Keyword,
    mediaUrl: message?.MediaUrl,
    entityId: message?.EntityId,
    templateId: message?.TemplateId,
  });
}

function voice({ VoiceMessage: message, DefaultMessage: fallback }: DirectMessageConfiguration) {
  if (message === undefined && fallback === undefined) return undefined;
  const { LanguageCode, VoiceId, OriginationNumber } = message ?? {};
  const Body = message?.Body ?? fallback?.Body;
  return {
    content: { type: 'VOICE' as const, ...defined({ Body, LanguageCode, VoiceId }) },
    defaults: {},
    substitutions: { ...fallback?.Substitutions, ...message?.Substitutions },
    choices: defined({ originationNumber: OriginationNumber }),
  };
}

type PlatformMessage = APNSMessage & GCMMessage;

/** A platform's message over the default push message over the default message, member by member. */
function push(configuration: DirectMessageConfiguration, channelType: string): ChannelMessage | undefined {
  const { DefaultPushNotificationMessage: byDefault, DefaultMessage: fallback } = configuration;
  const platform = platformMessage(configuration, channelType);
  if (platform === undefined && byDefault === undefined && fallback === undefined) return undefined;
  const merged: PlatformMessage = {
    Body: fallback?.Body,
    ...defined({ ...byDefault }),
    ...defined({ ...platform }),
  };
  return {
    content: { type: 'PUSH', Default: pushPart(merged) },
    defaults: {},
    substitutions: { ...fallback?.Substitutions, ...byDefault?.Substitutions, ...platform?.Substitutions },
    choices: {},
    data: merged.Data && { ...byDefault?.Data, ...platform?.Data },
    platform: platformMembers(platform),
  };
}

function platformMessage(
  configuration: DirectMessageConfiguration,
  channelType: string,
): PlatformMessage | undefined {
  if (channelType === 'GCM') return configuration.GCMMessage;
  // ADM's and Baidu's messages have the members of GCM's that are read here
  if (channelType === 'ADM') return configuration.ADMMessage;
  if (channelType === 'BAIDU') return configuration.BaiduMessage;
  return configuration.APNSMessage;
}

function pushPart(message: PlatformMessage): PushPart {
  const { Action, Title, Body, Url, Sound, RawContent, ImageUrl, MediaUrl, SilentPush, TimeToLive } = message;
  return defined({ Action, Title, Body, Url, Sound, RawContent, ImageUrl, MediaUrl, SilentPush, TimeToLive });
}

const readAbove = new Set([
  'Action',
  'Title',
  'Body',
  'Url',
  'Sound',
  'RawContent',
  'ImageUrl',
  'MediaUrl',
  'SilentPush',
  'TimeToLive',
  'Data',
  'Substitutions',
]);

function platformMembers(message: PlatformMessage | undefined): Record<string, string | number> {
  const rest = Object.entries(message ?? {}).filter(([name]) => !readAbove.has(name));
  return Object.fromEntries(rest.filter(([, value]) => ['string', 'number'].includes(typeof value)));
}
