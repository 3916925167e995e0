import type { Config } from '../../config.ts';
import type { Channel } from '../../domain/channel.ts';

export type LimitedChannel = Exclude<Channel, 'CUSTOM'>;

export const limitedChannels = ['EMAIL', 'SMS', 'PUSH', 'VOICE'] as const satisfies LimitedChannel[];

/**
 * The share of a provider's limit that is used: what leaves evenly arrives in bunches, and a provider that counts the second in which
 * it arrives must not count too many.
 */
const USED_SHARE = 0.95;

/** What an account may send that has left SES's sandbox, until GetAccount has answered once. */
const UNTOLD_EMAILS_PER_SECOND = 14;
/** The mailbox limits nothing until it says so. */
const UNTOLD_MAILBOX_PER_SECOND = 1_000_000;

type LimitSettings = Pick<
  Config,
  | 'REPOINT_DELIVERY'
  | 'REPOINT_EMAIL_PER_SECOND'
  | 'REPOINT_SMS_PER_SECOND'
  | 'REPOINT_PUSH_PER_SECOND'
  | 'REPOINT_VOICE_PER_SECOND'
>;

/** A channel's limit in messages a second: the provider's word for e-mail, settings for the others. */
export function channelLimit(
  config: LimitSettings,
  channel: LimitedChannel,
  accountPerSecond: number | null,
): number {
  if (channel === 'SMS') return config.REPOINT_SMS_PER_SECOND;
  if (channel === 'PUSH') return config.REPOINT_PUSH_PER_SECOND;
  if (channel === 'VOICE') return config.REPOINT_VOICE_PER_SECOND;
  const untold = config.REPOINT_DELIVERY === 'mailbox' ? UNTOLD_MAILBOX_PER_SECOND : UNTOLD_EMAILS_PER_SECOND;
  return Math.min(accountPerSecond ?? untold, config.REPOINT_EMAIL_PER_SECOND ?? Number.POSITIVE_INFINITY);
}

/** How many of a limit's messages are let go in a second. */
export function usedPerSecond(limit: number): number {
  return limit * USED_SHARE;
}

/** The bucket of a channel: providers limit an account in a region. */
export function bucketName(
  { REPOINT_ACCOUNT_ID, region }: Pick<Config, 'REPOINT_ACCOUNT_ID' | 'region'>,
  channel: LimitedChannel,
): string {
  return `${REPOINT_ACCOUNT_ID} ${region} ${channel}`;
}
