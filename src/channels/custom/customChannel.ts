import type { MessageOrigin, SendOutcome } from '../channel.ts';

/** What a custom channel, somebody's webhook or Lambda function, is told of one endpoint. */
export interface OutgoingCustom {
  readonly channel: 'CUSTOM';
  readonly messageId: string;
  readonly appId: string;
  readonly origin: MessageOrigin & { readonly endpointId: string };
  /** A Lambda function's name or ARN, or a webhook's URL. */
  readonly deliveryUri: string;
  /** Whether the webhook has shown before that it wants what comes from this application. */
  readonly isConfirmed: boolean;
  readonly data: string;
  /** ISO 8601. */
  readonly scheduledTime: string;
  /** The endpoint in Pinpoint's words. */
  readonly endpoint: Readonly<Record<string, unknown>>;
}

/** What one call of a custom channel came to. */
export interface CustomResult {
  /** The same for every endpoint of the call. */
  readonly outcome: SendOutcome;
  /** The EventAttributes it answered, by endpoint id; an endpoint it said nothing of is not there. */
  readonly answers: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** The webhook has shown in this call that it wants what comes from this application. */
  readonly confirmed: boolean;
}

/** As many endpoints as Pinpoint tells a custom channel of in one call. */
export const MOST_ENDPOINTS_PER_CALL = 50;

/** The door to custom channels. Never throws for what a channel or network did: that is an outcome. */
export interface CustomChannel {
  /** One call, about up to 50 endpoints of one step. */
  call(messages: readonly [OutgoingCustom, ...OutgoingCustom[]]): Promise<CustomResult>;
}
