import type { AccountLimits } from '../../channels/rates.ts';
import type { Tx } from '../../db/database.ts';
import { releaseHeld } from '../../db/messages/heldMessages.ts';
import { type LockedBucket, lockBucket } from '../../db/rateBuckets.ts';
import { RepointError } from '../../domain/errors.ts';
import { roomIn } from '../../domain/rate/dailyQuota.ts';
import { bucketName } from './channelLimits.ts';
import type { RateDeps } from './rateDeps.ts';

const SECOND = 1_000_000;
/** Participants woken by one look at the most. */
const MOST_WOKEN = 10_000;

/**
 * Asks the provider for the account's limits and keeps its answer for all processes; where the account goes on, those who wait
 * for it are woken, as many as there is room for. Where somebody has just asked, nothing is done; where the provider does not answer,
 * what it said last holds, and that it did not is kept as well.
 */
export async function refreshLimits(deps: RateDeps): Promise<void> {
  const { db, config, log, readAccount } = deps;
  const name = bucketName(config, 'EMAIL');
  const everyMs = config.REPOINT_LIMITS_REFRESH_SECONDS * 1000;
  const known = await db.selectFrom('rate_bucket').selectAll().where('name', '=', name).executeTakeFirst();
  const asked = Math.max(known?.checked_at?.getTime() ?? 0, known?.failed_at?.getTime() ?? 0);
  if (Date.now() - asked < everyMs * 0.9) return;
  try {
    const limits = await readAccount();
    const now = await deps.clock.now();
    await db.transaction().execute(async (tx) => {
      const bucket = await lockBucket(tx, name);
      await keep(tx, name, bucket, limits, everyMs);
      const most = roomFor(deps, bucket, limits);
      if (most > 0) await releaseHeld(tx, 'EMAIL', most, now);
    });
  } catch (error) {
    if (!(error instanceof RepointError)) throw error;
    log.warn({ failure: error.message }, "the provider's limits could not be read; the last known hold");
    await db.transaction().execute((tx) => keepFailure(tx, name, error.message));
  }
}

async function keep(
  tx: Tx,
  name: string,
  { account, now }: LockedBucket,
  limits: AccountLimits,
  everyMs: number,
): Promise<void> {
  // without a word to the contrary a pause ends by itself: SES then says the same again
  const pausedUntil = now + (everyMs / 1000) * 2 * SECOND + 60 * SECOND;
  const goesOn = account.pausedFor === 'SENDING_PAUSED' ? { paused_for: null, paused_until: 0 } : {};
  const pause = limits.isSending ? goesOn : { paused_for: 'SENDING_PAUSED', paused_until: pausedUntil };
  const hasRoom = limits.dayQuota === null || limits.sentInDay < limits.dayQuota;
  await tx
    .updateTable('rate_bucket')
    .set({
      ...pause,
      ...(hasRoom && limits.isSending && { day_waiting: 0 }),
      per_second: limits.perSecond,
      day_quota: limits.dayQuota,
      day_sent: limits.sentInDay,
      is_sandbox: limits.isSandbox,
      checked_at: new Date(),
      failed_at: null,
      failure: null,
    })
    .where('name', '=', name)
    .execute();
}

/** How many messages of those who wait may leave until the next look. */
function roomFor({ config }: RateDeps, { account, now }: LockedBucket, limits: AccountLimits): number {
  const isRefused = account.pausedFor === 'DAILY_QUOTA' && account.pausedUntil > now;
  if (!limits.isSending || isRefused) return 0;
  const { dayQuota: most, sentInDay: sent } = limits;
  const room =
    most === null ? MOST_WOKEN : roomIn({ most, sent }, config.REPOINT_TRANSACTIONAL_RESERVE_PERCENT / 100);
  const byRate = Math.ceil(limits.perSecond * config.REPOINT_LIMITS_REFRESH_SECONDS);
  return Math.min(MOST_WOKEN, room, byRate);
}

async function keepFailure(tx: Tx, name: string, failure: string): Promise<void> {
  await lockBucket(tx, name);
  await tx
    .updateTable('rate_bucket')
    .set({ failed_at: new Date(), failure })
    .where('name', '=', name)
    .execute();
}
