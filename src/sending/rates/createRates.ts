import type { SendOutcome } from '../../channels/channel.ts';
import type { Permit, Rates, SendingWish } from '../../channels/rates.ts';
import type { Database } from '../../db/database.ts';
import { countHour, lockBucket, readHours, saveBucket } from '../../db/rateBuckets.ts';
import { slowedDown } from '../../domain/rate/speed.ts';
import { createBatcher } from '../batcher.ts';
import { bucketName, type LimitedChannel } from './channelLimits.ts';
import { grantAll } from './grantAll.ts';
import { createPaces } from './paces.ts';
import type { RateDeps } from './rateDeps.ts';
import { refreshLimits } from './refreshLimits.ts';
import { createSpareSlots } from './spareSlots.ts';

/** Where a provider's daily quota or pause shows only in its refusals, it is asked again after this (microseconds). */
const REFUSED_PAUSE = 600_000_000;

/** The limits of the providers and the paces of journeys and campaigns, kept in Postgres. One a process. */
export function createRates(deps: RateDeps): Rates {
  const { db, config } = deps;
  const ask = createBatcher((channel: string, wishes: readonly SendingWish[]) =>
    grantBatch(deps, channel as LimitedChannel, wishes),
  );
  const spare = createSpareSlots();
  const lastHeard = new Map<string, number>();
  return {
    ...createPaces(db),
    ask: async (wish) => {
      if (wish.channel === 'CUSTOM') return allNow(wish.count);
      const kept = spare.take(wish.channel, wish.count);
      const missing = wish.count - kept.length;
      if (missing === 0) return { slots: kept, refused: null };
      const permit = await ask(wish.channel, { ...wish, count: missing });
      return { ...permit, slots: [...kept, ...permit.slots] };
    },
    giveBack: (channel, slots) => spare.keep(channel, slots),
    heard: async (channel, outcome) => {
      if (outcome.kind !== 'throttled' || channel === 'CUSTOM') return;
      // what is under way is throttled all at once: one word is enough
      const key = `${channel} ${outcome.limit ?? ''}`;
      if (performance.now() - (lastHeard.get(key) ?? Number.NEGATIVE_INFINITY) < 1000) return;
      lastHeard.set(key, performance.now());
      await hearThrottle(db, bucketName(config, channel), outcome);
    },
    refresh: () => refreshLimits(deps),
  };
}

function allNow(count: number): Permit {
  return { slots: Array.from({ length: count }, () => performance.now()), refused: null };
}

async function grantBatch(
  { db, config }: RateDeps,
  channel: LimitedChannel,
  wishes: readonly SendingWish[],
): Promise<Permit[]> {
  const name = bucketName(config, channel);
  return await db.transaction().execute(async (tx) => {
    const bucket = await lockBucket(tx, name);
    const hours = bucket.account.dayQuota === null ? [] : await readHours(tx, name);
    const granted = grantAll(config, channel, bucket, hours, wishes);
    await saveBucket(tx, name, granted.bucket);
    if (bucket.account.dayQuota !== null && granted.sent > 0)
      await countHour(tx, name, granted.sent, bucket.now);
    const received = performance.now();
    const local = (instant: number) => received + (instant - bucket.now) / 1000;
    return granted.answers.map(({ slots, turns, reason }) => ({
      slots: slots.map(local),
      refused:
        reason === null
          ? null
          : { reason, waitsMs: turns.map((turn) => Math.ceil((turn - bucket.now) / 1000)) },
    }));
  });
}

async function hearThrottle(
  db: Database,
  name: string,
  { limit }: Extract<SendOutcome, { kind: 'throttled' }>,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const bucket = await lockBucket(tx, name);
    const changed =
      limit === undefined
        ? { ...bucket, speed: slowedDown(bucket.speed, bucket.now) }
        : {
            ...bucket,
            account: { ...bucket.account, pausedFor: limit, pausedUntil: bucket.now + REFUSED_PAUSE },
          };
    await saveBucket(tx, name, changed);
  });
}
