import { sql } from 'kysely';
import type { SendingHold } from '../../channels/rates.ts';
import { bucketOf } from '../../db/rateBuckets.ts';
import { countUnsettled } from '../../db/unsettled.ts';
import type { Deps } from '../../deps.ts';
import { roomIn } from '../../domain/rate/dailyQuota.ts';
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
  return limitedChannels.map((channel, index) => {
    const row = rows.find(({ name }) => name === names[index]);
    const limit = channelLimit(config, channel, row?.per_second ?? null);
    const held = unsettled.filter((one) => one.channel === channel && one.heldFor !== null);
    const { speed, account } = row ? bucketOf(row) : untouched;
    const now = Number(row?.now ?? 0);
    const reserve = config.REPOINT_TRANSACTIONAL_RESERVE_PERCENT / 100;
    return {
      Channel: channel,
      Limit: limit,
      MessagesPerSecond: usedPerSecond(limit) * speedAt(speed, now),
      PausedFor: pauseOf(account, reserve, now),
      DailyQuota: account.dayQuota,
      SentLast24Hours: account.dayQuota === null ? null : account.daySent,
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
  account: { perSecond: null, dayQuota: null, daySent: 0, dayWaiting: 0, pausedFor: null, pausedUntil: 0 },
};

function pauseOf(account: Account, reserve: number, now: number): SendingHold | null {
  if (account.pausedUntil > now) return account.pausedFor as SendingHold | null;
  if (account.dayQuota === null) return null;
  return roomIn({ most: account.dayQuota, sent: account.daySent }, reserve) === 0 ? 'DAILY_QUOTA' : null;
}
