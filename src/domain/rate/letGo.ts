import {
  type DailyQuota,
  quotaTurn,
  roomIn,
  type SentCount,
  type SentHour,
  sentInDay,
} from './dailyQuota.ts';
import { intervalOf, type Line, type Standing, takeSlots } from './line.ts';
import { type Speed, speedAt } from './speed.ts';

/** Six hours. */
const PAUSE_HOLD = 21_600_000_000;

/** What is known of a provider's channel. Instants are microseconds since 1970. */
export interface ChannelState {
  readonly line: Line;
  readonly speed: Speed;
  readonly account: SentCount & {
    /** Null: no limit. */
    readonly dayQuota: number | null;
    readonly dayWaiting: number;
    readonly pausedFor: string | null;
    readonly pausedUntil: number;
  };
}

export interface Leaving {
  readonly now: number;
  readonly count: number;
  readonly standing: Standing;
  readonly within: number;
  readonly perSecond: number;
  /** The part (0 to 1) of the daily quota that they may not use. */
  readonly reserve: number;
  readonly hours: readonly SentHour[];
}

export interface LetGo<S extends ChannelState> {
  readonly slots: readonly number[];
  /** For the others, when to come back, and why. */
  readonly turns: readonly number[];
  readonly reason: string | null;
  readonly state: S;
}

/** Lets messages leave by a channel as its rate, its speed and its daily quota allow. */
export function letGo<S extends ChannelState>(state: S, leaving: Leaving): LetGo<S> {
  const { now, count } = leaving;
  const paused = state.account.pausedUntil > now ? state.account.pausedFor : null;
  if (paused !== null) return untilPauseEnds(state, leaving, paused);
  const quota = quotaOf(state, leaving);
  const allowed = quota === null ? count : Math.min(count, roomIn(quota, leaving.reserve));
  const interval = intervalOf(leaving.perSecond * speedAt(state.speed, now));
  const given = takeSlots(state.line, { ...leaving, count: allowed, interval });
  const quotaTurns = quota === null ? [] : turnsByQuota(state, quota, leaving, count - allowed);
  const daySent = state.account.daySent + given.slots.length;
  const sent = { ...state, line: given.line, account: { ...state.account, daySent } };
  return {
    slots: given.slots,
    turns: [...given.turns, ...quotaTurns],
    reason: quotaTurns.length > 0 ? 'DAILY_QUOTA' : given.turns.length > 0 ? 'SENDING_RATE' : null,
    state: withWaiting(sent, leaving, quotaTurns.length),
  };
}

function quotaOf({ account }: ChannelState, { hours, now }: Leaving): DailyQuota | null {
  return account.dayQuota === null ? null : { most: account.dayQuota, sent: sentInDay(account, hours, now) };
}

function turnsByQuota(state: ChannelState, quota: DailyQuota, leaving: Leaving, count: number): number[] {
  const { reserve, hours, now } = leaving;
  return Array.from({ length: count }, (_, index) =>
    quotaTurn(quota, { place: state.account.dayWaiting + index, reserve, hours, now }),
  );
}

/**
 * They are woken when the pause ends (db/messages/heldMessages): what they are told is only for the case that nobody does, and as far apart as
 * the rate would let them leave.
 */
function untilPauseEnds<S extends ChannelState>(state: S, leaving: Leaving, reason: string): LetGo<S> {
  const interval = intervalOf(leaving.perSecond);
  const { account } = state;
  const first = Math.max(account.pausedUntil, leaving.now + PAUSE_HOLD) + account.dayWaiting * interval;
  const turns = Array.from({ length: leaving.count }, (_, index) => first + index * interval);
  return { slots: [], turns, reason, state: withWaiting(state, leaving, turns.length) };
}

function withWaiting<S extends ChannelState>(state: S, { standing }: Leaving, count: number): S {
  const isGone = standing === 'behind' || standing === 'returning';
  const dayWaiting = state.account.dayWaiting + (isGone ? count : 0);
  return { ...state, account: { ...state.account, dayWaiting } };
}
