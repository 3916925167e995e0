import {
  type DirectMessageConfiguration,
  type MessageResult,
  type PinpointClient,
  SendMessagesCommand,
  type SendMessagesCommandInput,
  SendOTPMessageCommand,
} from '@aws-sdk/client-pinpoint';
import { contextNames } from '../domain/messageTags.ts';
import { present } from '../domain/present.ts';
import type { OutgoingPassword, OutgoingPush, OutgoingSms, OutgoingVoice, SendOutcome } from './channel.ts';
import { callProvider } from './providerCall.ts';
import { pushConfiguration } from './push/pushRequest.ts';

/** What leaves through the upstream Pinpoint app. */
export type OutgoingByPinpoint = OutgoingSms | OutgoingPush | OutgoingVoice;

/** Sends one SMS, push or call by Pinpoint `SendMessages` to the upstream app. Never throws: see `SendOutcome`. */
export async function sendByPinpoint(
  client: PinpointClient,
  message: OutgoingByPinpoint,
  timeoutMs?: number,
): Promise<SendOutcome> {
  const command = new SendMessagesCommand(messagesRequest(message));
  const result = await callProvider(command, (sent, options) => client.send(sent, options), timeoutMs);
  if (result.kind !== 'answered') return result;
  return outcomeOfResult(result.answer.MessageResponse?.Result?.[addressOf(message)]);
}

/** Has the upstream app send a one-time password by `SendOTPMessage`. Never throws: see `SendOutcome`. */
export async function sendPassword(
  client: PinpointClient,
  { upstreamAppId, to, password }: OutgoingPassword,
  timeoutMs?: number,
): Promise<SendOutcome> {
  const command = new SendOTPMessageCommand({
    ApplicationId: upstreamAppId,
    SendOTPMessageRequestParameters: password,
  });
  const result = await callProvider(command, (sent, options) => client.send(sent, options), timeoutMs);
  if (result.kind !== 'answered') return result;
  return outcomeOfResult(result.answer.MessageResponse?.Result?.[to]);
}

/** The request of one message to one address. */
export function messagesRequest(message: OutgoingByPinpoint): SendMessagesCommandInput {
  const channelType = message.channel === 'PUSH' ? message.channelType : message.channel;
  return {
    ApplicationId: message.upstreamAppId,
    MessageRequest: {
      Addresses: { [addressOf(message)]: { ChannelType: channelType } },
      // our own ids win: by them a message is found again
      Context: { ...message.context, ...contextOf(message) },
      TraceId: message.traceId,
      MessageConfiguration: configurations[message.channel](message as never),
    },
  };
}

function addressOf(message: OutgoingByPinpoint): string {
  return message.channel === 'PUSH' ? message.token : message.to;
}

const configurations: {
  readonly [C in OutgoingByPinpoint['channel']]: (
    message: Extract<OutgoingByPinpoint, { channel: C }>,
  ) => DirectMessageConfiguration;
} = { SMS: smsConfiguration, PUSH: pushConfiguration, VOICE: voiceConfiguration };

function contextOf(message: OutgoingByPinpoint): Record<string, string> {
  const ids = { ...message.origin, messageId: message.messageId, appId: message.appId };
  return Object.fromEntries(
    Object.entries(contextNames).flatMap(([key, name]) => {
      const value = ids[key as keyof typeof ids];
      return value ? [[name, value]] : [];
    }),
  );
}

/** What is empty, as in a filled-in skeleton of the AWS CLI or a journey of the console, is left to the account. */
function smsConfiguration(message: OutgoingSms): DirectMessageConfiguration {
  return {
    SMSMessage: {
      Body: message.body,
      MessageType: message.messageType,
      SenderId: message.senderId || undefined,
      OriginationNumber: message.originationNumber || undefined,
      Keyword: message.keyword || undefined,
      MediaUrl: message.mediaUrl || undefined,
      EntityId: message.entityId || undefined,
      TemplateId: message.templateId || undefined,
    },
  };
}

function voiceConfiguration(message: OutgoingVoice): DirectMessageConfiguration {
  return {
    VoiceMessage: {
      Body: message.body,
      LanguageCode: message.languageCode,
      VoiceId: message.voiceId,
      OriginationNumber: message.originationNumber || undefined,
    },
  };
}

/** What Pinpoint's word about one address came to; it answers HTTP 200 also when the address failed. */
export function outcomeOfResult(result: MessageResult | undefined): SendOutcome {
  if (result === undefined) return { kind: 'unknown', reason: 'answer without this address' };
  const status = result.DeliveryStatus ?? 'UNKNOWN_FAILURE';
  const code = result.StatusCode ?? 0;
  const reason = result.StatusMessage ?? status;
  switch (status) {
    case 'SUCCESSFUL':
      return {
        kind: 'accepted',
        providerMessageId: result.MessageId ?? '',
        ...present({ updatedToken: result.UpdatedToken }),
      };
    case 'THROTTLED':
      return { kind: 'throttled', reason };
    case 'TEMPORARY_FAILURE':
      // "Temporary" says that it was not delivered; a 5xx beside it says that Pinpoint does not know.
      return code >= 500 ? { kind: 'unknown', reason } : { kind: 'throttled', reason };
    case 'PERMANENT_FAILURE':
      return { kind: 'refused', statusCode: code, code: status, reason, ...deadToken(code, reason) };
    case 'OPT_OUT':
    case 'DUPLICATE':
      return { kind: 'refused', statusCode: code, code: status, reason };
    default:
      return { kind: 'unknown', reason };
  }
}

/** What push services say of a token of another app, another sender or the other of APNs' two environments. */
const foreign = /BadDeviceToken|DeviceTokenNotForTopic|MismatchSenderId|SENDER_ID_MISMATCH/;

/** Pinpoint's answer for a token of no use, whatever the push service's own code was. */
function deadToken(code: number, reason: string): { deadAddress?: 'gone' | 'foreign' } {
  if (code !== 410 && !/unregistered or expired token/i.test(reason)) return {};
  return { deadAddress: foreign.test(reason) ? 'foreign' : 'gone' };
}
