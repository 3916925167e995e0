import type { Channel } from '../domain/channel.ts';
import type { SendOutcome } from './channel.ts';

/** So many messages that ask to leave by a channel. */
export interface SendingWish {
  readonly channel: Channel;
  readonly count: number;
  /** Transactional goes before marketing. */
  readonly class: 'marketing' | 'transactional';
  /** Marketing that comes back because it was told to, or that waits where it is and asks again; else it is new. */
  readonly standing?: 'returning' | 'waiting';
  /** How long (milliseconds) they can wait for their slots where they are; a second. */
  readonly patienceMs?: number;
}

/** Why a message may not leave by a channel yet. */
export type SendingHold = 'SENDING_RATE' | 'DAILY_QUOTA' | 'SENDING_PAUSED';

export interface Permit {
  /** When (`performance.now()`) messages may leave, one each, earliest first. */
  readonly slots: readonly number[];
  /** The others: why they may not, and after how many milliseconds each is to come back. */
  readonly refused: { readonly reason: SendingHold; readonly waitsMs: readonly number[] } | null;
}

/**
 * The providers' limits, kept to by all processes together. A custom channel is the customer's own, and has none.
 */
export interface Rates {
  /** Asks for slots; every message is answered, with a slot or with how long to stay away. */
  ask(wish: SendingWish): Promise<Permit>;
  /** Slots that were not used: somebody else of this process may. */
  giveBack(channel: Channel, slots: readonly number[]): void;
  /** Hears what became of a call: a throttle slows the channel down, a quota that is used up pauses it. */
  heard(channel: Channel, outcome: SendOutcome): Promise<void>;
  /** The next turns of a journey, `perSecond` to a second of the clock: the instants (logical time) from which they may be used. */
  turns(pace: Pace, count: number, from: Date): Promise<Date[]>;
  /** The next slots of a campaign, evenly spaced: as of `ask`, none further ahead than `withinMs`. */
  slots(pace: Pace, count: number, withinMs: number): Promise<readonly number[]>;
  /** Asks the provider for the account's limits, unless somebody has just done so. */
  refresh(): Promise<void>;
}

/** Whose own rate it is. */
export interface Pace {
  readonly appId: string;
  readonly of: 'journey' | 'campaign';
  readonly id: string;
  readonly perSecond: number;
}

/** What a provider says of an account's limits. */
export interface AccountLimits {
  readonly perSecond: number;
  /** Null: no limit. */
  readonly dayQuota: number | null;
  readonly sentInDay: number;
  readonly isSandbox: boolean;
  readonly isSending: boolean;
}
