import type {
  MessageOrigin,
  Outgoing,
  OutgoingEmail,
  OutgoingPush,
  OutgoingSms,
  OutgoingVoice,
} from '../channels/channel.ts';
import type { PushChannelType } from '../domain/channel.ts';
import { RepointError } from '../domain/errors.ts';
import { present } from '../domain/present.ts';
import { oneLine } from '../templates/render.ts';
import type {
  Rendered,
  RenderedEmail,
  RenderedPush,
  RenderedSms,
  RenderedVoice,
} from '../templates/rendered.ts';
import type { ChannelSettings } from './channelSettings.ts';
import type { CallClaim } from './ledger.ts';

/** What a message decides itself; the rest comes from its channel. */
export interface SendingChoices {
  readonly fromAddress?: string;
  readonly replyTo?: readonly string[];
  readonly feedbackForwardingAddress?: string;
  readonly messageType?: 'PROMOTIONAL' | 'TRANSACTIONAL';
  readonly senderId?: string;
  readonly originationNumber?: string;
  readonly keyword?: string;
  readonly mediaUrl?: string;
  readonly entityId?: string;
  readonly templateId?: string;
  readonly traceId?: string;
}

/**
 * The message as its provider takes it.
 * @throws RepointError BadRequest where the channel lacks what it needs; ask `channelProblem` before
 */
export function outgoing(
  rendered: Rendered,
  claim: Pick<CallClaim, 'messageId' | 'recipient'>,
  origin: MessageOrigin,
  settings: ChannelSettings,
  choices: SendingChoices = {},
): Outgoing {
  return composers[rendered.channel](rendered as never, { claim, origin, settings, choices });
}

interface Composing {
  readonly claim: Pick<CallClaim, 'messageId' | 'recipient'>;
  readonly origin: MessageOrigin;
  readonly settings: ChannelSettings;
  readonly choices: SendingChoices;
}

const composers: {
  readonly [C in Rendered['channel']]: (
    rendered: Extract<Rendered, { channel: C }>,
    composing: Composing,
  ) => Extract<Outgoing, { channel: C }>;
} = { EMAIL: composeEmail, SMS: composeSms, PUSH: composePush, VOICE: composeVoice };

function composeEmail(rendered: RenderedEmail, composing: Composing): OutgoingEmail {
  const { settings, choices, claim } = composing;
  const { rawBase64, channel, ...simple } = rendered;
  return {
    ...base(composing),
    channel,
    from: oneLine(needed(choices.fromAddress || settings.fromAddress, 'no From address')),
    to: oneLine(claim.recipient.address),
    replyTo: choices.replyTo?.map(oneLine).filter((address) => address !== ''),
    feedbackForwardingAddress:
      choices.feedbackForwardingAddress && oneLine(choices.feedbackForwardingAddress),
    configurationSet: settings.configurationSet,
    ...present({ identity: settings.identity }),
    content:
      rawBase64 === undefined
        ? { kind: 'simple', ...simple }
        : { kind: 'raw', data: Buffer.from(rawBase64, 'base64') },
  };
}

function composeSms(rendered: RenderedSms, composing: Composing): OutgoingSms {
  const { fromAddress, replyTo, feedbackForwardingAddress, ...choices } = composing.choices;
  return {
    ...base(composing),
    ...choices,
    channel: 'SMS',
    upstreamAppId: upstreamAppId(composing),
    to: composing.claim.recipient.address,
    body: rendered.body,
    messageType: choices.messageType ?? 'TRANSACTIONAL',
    senderId: choices.senderId || composing.settings.senderId,
  };
}

function composeVoice(rendered: RenderedVoice, composing: Composing): OutgoingVoice {
  const { originationNumber } = composing.choices;
  return {
    ...base(composing),
    ...rendered,
    upstreamAppId: upstreamAppId(composing),
    to: composing.claim.recipient.address,
    ...present({ originationNumber }),
  };
}

function composePush(rendered: RenderedPush, composing: Composing): OutgoingPush {
  const { recipient } = composing.claim;
  return {
    ...base(composing),
    ...rendered,
    upstreamAppId: upstreamAppId(composing),
    // Callers ask only for channels that `channelSettings` knows
    channelType: recipient.channelType as PushChannelType,
    token: recipient.address,
  };
}

function base({ claim, origin, settings, choices }: Composing) {
  const { context } = claim.recipient;
  return {
    messageId: claim.messageId,
    appId: settings.appId,
    origin,
    ...(context !== undefined && { context }),
    ...present({ traceId: choices.traceId }),
  };
}

function upstreamAppId({ settings }: Composing): string {
  return needed(settings.upstreamAppId, 'no upstream app');
}

function needed(value: string | null | undefined, what: string): string {
  if (value === null || value === undefined) throw new RepointError('BadRequest', what);
  return value;
}
