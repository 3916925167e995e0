import type { SendingHold, SendingWish } from '../../channels/rates.ts';
import type { Config } from '../../config.ts';
import type { LockedBucket } from '../../db/rateBuckets.ts';
import type { SentHour } from '../../domain/rate/dailyQuota.ts';
import { letGo } from '../../domain/rate/letGo.ts';
import type { Standing } from '../../domain/rate/line.ts';
import { channelLimit, type LimitedChannel, usedPerSecond } from './channelLimits.ts';

/** How long marketing waits where it is: what transactional messages find ahead of them at the most. */
const PATIENCE_MS = 800;

export interface Granted {
  readonly answers: readonly {
    readonly slots: readonly number[];
    readonly turns: readonly number[];
    readonly reason: SendingHold | null;
  }[];
  readonly bucket: LockedBucket;
  /** How many were let go in all. */
  readonly sent: number;
}

/** Answers wishes for one channel, transactional ones first, in the order of the wishes. */
export function grantAll(
  config: Config,
  channel: LimitedChannel,
  bucket: LockedBucket,
  hours: readonly SentHour[],
  wishes: readonly SendingWish[],
): Granted {
  const perSecond = usedPerSecond(channelLimit(config, channel, bucket.account.perSecond));
  const answers = new Map<SendingWish, Granted['answers'][number]>();
  let state = bucket;
  let sent = 0;
  for (const wish of wishes.toSorted((a, b) => ranks[standingOf(a)] - ranks[standingOf(b)])) {
    const reserve = wish.class === 'transactional' ? 0 : config.REPOINT_TRANSACTIONAL_RESERVE_PERCENT / 100;
    const within = (wish.patienceMs ?? PATIENCE_MS) * 1000;
    const standing = standingOf(wish);
    const { now } = bucket;
    const given = letGo(state, { now, count: wish.count, standing, within, perSecond, reserve, hours });
    ({ state } = given);
    sent += given.slots.length;
    answers.set(wish, { ...given, reason: given.reason as SendingHold | null });
  }
  return { answers: wishes.flatMap((wish) => answers.get(wish) ?? []), bucket: state, sent };
}

const ranks: Readonly<Record<Standing, number>> = { ahead: 0, returning: 1, waiting: 1, behind: 2 };

function standingOf(wish: SendingWish): Standing {
  return wish.class === 'transactional' ? 'ahead' : (wish.standing ?? 'behind');
}
