/** What messages leave by: PUSH stands for all push services, CUSTOM for webhooks and functions. */
export const channels = ['EMAIL', 'SMS', 'PUSH', 'VOICE', 'CUSTOM'] as const;
export type Channel = (typeof channels)[number];

/** The channel of each of Pinpoint's channel types that a provider sends to. A custom channel is told of any. */
const byType = {
  EMAIL: 'EMAIL',
  SMS: 'SMS',
  VOICE: 'VOICE',
  APNS: 'PUSH',
  APNS_SANDBOX: 'PUSH',
  APNS_VOIP: 'PUSH',
  APNS_VOIP_SANDBOX: 'PUSH',
  GCM: 'PUSH',
  ADM: 'PUSH',
  BAIDU: 'PUSH',
} as const satisfies Record<string, Channel>;

/** A channel type that a provider sends to. */
export type SentChannelType = keyof typeof byType;
export type ChannelOf<T extends SentChannelType> = (typeof byType)[T];

/** A push service's channel type; an endpoint may also have the word PUSH itself, to which nothing can be sent. */
export type PushChannelType = {
  [T in SentChannelType]: ChannelOf<T> extends 'PUSH' ? T : never;
}[SentChannelType];
export const pushChannelTypes = (Object.keys(byType) as SentChannelType[]).filter(
  (type): type is PushChannelType => byType[type] === 'PUSH',
);

/** The channel of a channel type; null for one that no provider sends to. */
export function channelOf<T extends SentChannelType>(channelType: T): ChannelOf<T>;
export function channelOf(channelType: string): ChannelOf<SentChannelType> | null;
export function channelOf(channelType: string): ChannelOf<SentChannelType> | null {
  return Object.hasOwn(byType, channelType) ? byType[channelType as SentChannelType] : null;
}
