import { sql } from 'kysely';
import type { SendingHold } from '../../channels/rates.ts';
import { countUnsettled } from '../../db/messages/unsettled.ts';
import { bucketOf, readHours } from '../../db/rateBuckets.ts';
import type { Deps } from '../../deps.ts';
import { type DailyQuota, roomIn, type SentHour, sentInDay } from '../../domain/rate/dailyQuota.ts';
import { speedAt } from '../../domain/rate/speed.ts';
import { bucketName, channelLimit, limitedChannels, usedPerSecond } from './channelLimits.ts';

/** How a channel may send now, and who waits for it. */
export interface ChannelSending {
  readonly Channel: (typeof limitedChannels)[number];
  /** The provider's limit, and the part of it that is used now: less after a throttle. */
  readonly Limit: number;
  readonly MessagesPerSecond: number;
  /** Why campaigns and journeys may send nothing now; null: they may. */
  readonly PausedFor: SendingHold | null;
  readonly DailyQuota: number | null;
  /** As the provider said last, and what was let go since; null where there is no quota. */
  readonly SentLast24Hours: number | null;
  /** Whether the account is in SES's sandbox; null: not known. */
  readonly IsSandbox: boolean | null;
  /** When the provider last told its limits, and why it did not since, if so. */
  readonly LimitsReadAt: Date | null;
  readonly LimitsFailure: string | null;
  /** Messages that are held, by reason: quiet times and turns of journeys too. */
  readonly Held: Readonly<Record<string, number>>;
}

/** Reads how every channel may send now. */
export async function readSending({
  db,
  config,
  clock,
}: Pick<Deps, 'db' | 'config' | 'clock'>): Promise<ChannelSending[]> {
  const names = limitedChannels.map((channel) => bucketName(config, channel));
  const rows = await db
    .selectFrom('rate_bucket')
    .selectAll()
    .select(sql<string>`(extract(epoch from clock_timestamp()) * 1000000)::bigint`.as('now'))
    .where('name', '=', sql<string>`any(${names}::text[])`)
    .execute();
  const unsettled = await countUnsettled(db, await clock.now());
  const reserve = config.REPOINT_TRANSACTIONAL_RESERVE_PERCENT / 100;
  const hours = await readHours(db, bucketName(config, 'EMAIL'));
  return limitedChannels.map((channel, index) => {
    const row = rows.find(({ name }) => name === names[index]);
    const limit = channelLimit(config, channel, row?.per_second ?? null);
    const held = unsettled.filter((one) => one.channel === channel && one.heldFor !== null);
    const { speed, account } = row ? bucketOf(row) : untouched;
    const now = Number(row?.now ?? 0);
    const quota = quotaOf(account, hours, now);
    return {
      Channel: channel,
      Limit: limit,
      MessagesPerSecond: usedPerSecond(limit) * speedAt(speed, now),
      PausedFor: pauseOf(account, quota, reserve, now),
      DailyQuota: quota?.most ?? null,
      SentLast24Hours: quota?.sent ?? null,
      IsSandbox: row?.is_sandbox ?? null,
      LimitsReadAt: row?.checked_at ?? null,
      LimitsFailure: row?.failure ?? null,
      Held: Object.fromEntries(held.map(({ heldFor, count }) => [heldFor, count])),
    };
  });
}

type Account = ReturnType<typeof bucketOf>['account'];

const untouched: Pick<ReturnType<typeof bucketOf>, 'speed' | 'account'> = {
  speed: { share: 1, slowedAt: 0 },
  account: {
    perSecond: null,
    dayQuota: null,
    daySent: 0,
    toldAt: null,
    dayWaiting: 0,
    pausedFor: null,
    pausedUntil: 0,
  },
};

/** Only e-mail has one. */
function quotaOf(account: Account, hours: readonly SentHour[], now: number): DailyQuota | null {
  return account.dayQuota === null ? null : { most: account.dayQuota, sent: sentInDay(account, hours, now) };
}

function pauseOf(
  account: Account,
  quota: DailyQuota | null,
  reserve: number,
  now: number,
): SendingHold | null {
  if (account.pausedUntil > now) return account.pausedFor as SendingHold | null;
  return quota !== null && roomIn(quota, reserve) === 0 ? 'DAILY_QUOTA' : null;
}
