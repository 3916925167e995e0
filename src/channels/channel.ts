import type { SendOTPMessageRequestParameters } from '@aws-sdk/client-pinpoint';
import type { PushChannelType } from '../domain/channel.ts';

/** A message ready for its provider: everything rendered and decided, one recipient. */
export type Outgoing = OutgoingEmail | OutgoingSms | OutgoingPassword | OutgoingPush | OutgoingVoice;

interface OutgoingBase {
  /** Our id on the wire, `owner-seq-attempt` ([A-Za-z0-9-] only): comes back with every provider event. */
  readonly messageId: string;
  readonly appId: string;
  /** Ids only, for tags, push data and the mailbox: never an address or text. */
  readonly origin: MessageOrigin;
  /** What the sender of a direct message attached to it: a push carries it to the device. */
  readonly context?: Readonly<Record<string, string>>;
  /** A direct message's, for its sender's own tracing; its recipient can see it. */
  readonly traceId?: string;
}

/** Where a message comes from; each id is absent where it does not apply. */
export interface MessageOrigin {
  readonly journeyId?: string;
  readonly campaignId?: string;
  /** The journey's activity id, or the campaign run's id. */
  readonly activityId?: string;
  /** The run by which the participant entered the journey. */
  readonly journeyRunId?: string;
  readonly endpointId?: string;
  readonly treatmentId?: string;
}

export interface OutgoingEmail extends OutgoingBase {
  readonly channel: 'EMAIL';
  readonly from: string;
  readonly to: string;
  readonly replyTo?: readonly string[];
  readonly feedbackForwardingAddress?: string;
  readonly configurationSet?: string;
  /** The identity that the e-mail channel names, an ARN. */
  readonly identity?: string;
  readonly content:
    | {
        readonly kind: 'simple';
        subject: string;
        html?: string;
        text?: string;
        headers?: readonly { Name: string; Value: string }[];
      }
    | { readonly kind: 'raw'; data: Uint8Array };
}

export interface OutgoingSms extends OutgoingBase {
  readonly channel: 'SMS';
  readonly upstreamAppId: string;
  readonly to: string;
  readonly body: string;
  readonly messageType: 'PROMOTIONAL' | 'TRANSACTIONAL';
  readonly senderId?: string;
  readonly originationNumber?: string;
  readonly keyword?: string;
  readonly mediaUrl?: string;
  readonly entityId?: string;
  readonly templateId?: string;
}

/** An SMS with a code that Pinpoint makes, sends and verifies: its text is known there alone. */
export interface OutgoingPassword extends OutgoingBase {
  readonly channel: 'SMS';
  readonly upstreamAppId: string;
  readonly to: string;
  readonly password: SendOTPMessageRequestParameters;
}

/** A call that reads a text out. */
export interface OutgoingVoice extends OutgoingBase {
  readonly channel: 'VOICE';
  readonly upstreamAppId: string;
  readonly to: string;
  readonly body: string;
  readonly languageCode?: string;
  readonly voiceId?: string;
  readonly originationNumber?: string;
}

export interface OutgoingPush extends OutgoingBase {
  readonly channel: 'PUSH';
  readonly upstreamAppId: string;
  readonly channelType: PushChannelType;
  readonly token: string;
  readonly title?: string;
  readonly body?: string;
  readonly action?: 'OPEN_APP' | 'DEEP_LINK' | 'URL';
  readonly url?: string;
  readonly imageUrl?: string;
  readonly imageIconUrl?: string;
  readonly smallImageIconUrl?: string;
  readonly sound?: string;
  readonly rawContent?: string;
  readonly silent?: boolean;
  readonly timeToLiveSeconds?: number;
  /** JSON for the app on the device, of a campaign's message. */
  readonly jsonBody?: string;
  /** Handed to the app on the device. */
  readonly data?: Readonly<Record<string, string>>;
  /** Members of the platform's own message as they came: Badge, Category, ThreadId, Priority, IconReference … */
  readonly platform?: Readonly<Record<string, string | number>>;
}

/**
 * What one provider call came to.
 * - accepted: the provider has it.
 * - throttled, unreached (DNS, connect, TLS): it certainly was not sent; try again later.
 * - refused: it certainly was not sent and never will be as it stands (other 4xx).
 * - unknown: it may have been sent (5xx, time-out or lost connection after the request left). Never retried blindly.
 */
export type SendOutcome =
  | {
      readonly kind: 'accepted';
      readonly providerMessageId: string;
      /** The token by which the push service knows the device from now on. */
      readonly updatedToken?: string;
    }
  | {
      readonly kind: 'throttled';
      readonly reason: string;
      readonly retryAfterMs?: number;
      /** Where it is not the rate: the account's daily quota is used up, or its sending is paused. */
      readonly limit?: 'DAILY_QUOTA' | 'SENDING_PAUSED';
    }
  | { readonly kind: 'unreached'; readonly reason: string }
  | {
      readonly kind: 'refused';
      readonly statusCode: number;
      readonly code: string;
      readonly reason: string;
      /** A push token that no device has any more, or that is of another app or another push service. */
      readonly deadAddress?: 'gone' | 'foreign';
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The one door to the providers. Never throws for what a provider or network did: that is an outcome. */
export interface Sender {
  send(message: Outgoing): Promise<SendOutcome>;
}
