import { type Selectable, sql } from 'kysely';
import type { SentHour } from '../domain/rate/dailyQuota.ts';
import type { Line } from '../domain/rate/line.ts';
import type { Speed } from '../domain/rate/speed.ts';
import type { Queryable, Tx } from './database.ts';
import type { RateBucketTable } from './tables/rates.ts';

/** What a provider says of an account, and what is known of its use. Instants are microseconds since 1970. */
export interface BucketAccount {
  readonly perSecond: number | null;
  readonly dayQuota: number | null;
  readonly daySent: number;
  /** When it last said so; null: never. */
  readonly toldAt: number | null;
  readonly dayWaiting: number;
  readonly pausedFor: string | null;
  readonly pausedUntil: number;
}

export interface Bucket {
  readonly line: Line;
  readonly speed: Speed;
  readonly account: BucketAccount;
}

export interface LockedBucket extends Bucket {
  /** Postgres' clock: the one that all processes share. */
  readonly now: number;
}

/**
 * Locks a bucket until the transaction ends, making it where there is none. What the transaction writes need not reach the disk
 * before it counts as committed: a Postgres that crashes may forget half a second of slots, and nobody waits for its disk while
 * others wait for the bucket.
 */
export async function lockBucket(tx: Tx, name: string, appId: string | null = null): Promise<LockedBucket> {
  const read = async () => {
    const row = await tx
      .selectFrom('rate_bucket')
      .selectAll()
      .select(sql<string>`(extract(epoch from clock_timestamp()) * 1000000)::bigint`.as('now'))
      .select(sql<string>`set_config('synchronous_commit', 'off', true)`.as('unused'))
      .where('name', '=', name)
      .forUpdate()
      .executeTakeFirst();
    return row && { ...bucketOf(row), now: Number(row.now) };
  };
  const found = await read();
  if (found) return found;
  await tx
    .insertInto('rate_bucket')
    .values({ name, app_id: appId })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const made = await read();
  if (made === undefined) throw new Error(`The bucket ${name} was deleted as it was made`);
  return made;
}

/** A bucket as its row says. */
export function bucketOf(row: Selectable<RateBucketTable>): Bucket {
  return {
    line: { nextAt: Number(row.next_at), queueAt: Number(row.queue_at) },
    speed: { share: row.speed, slowedAt: Number(row.slowed_at) },
    account: {
      perSecond: row.per_second,
      dayQuota: row.day_quota,
      daySent: row.day_sent,
      toldAt: row.checked_at === null ? null : row.checked_at.getTime() * 1000,
      dayWaiting: Number(row.day_waiting),
      pausedFor: row.paused_for,
      pausedUntil: Number(row.paused_until),
    },
  };
}

/** Writes a locked bucket back. */
export async function saveBucket(tx: Tx, name: string, { line, speed, account }: Bucket): Promise<void> {
  await tx
    .updateTable('rate_bucket')
    .set({
      next_at: line.nextAt,
      queue_at: line.queueAt,
      speed: speed.share,
      slowed_at: speed.slowedAt,
      day_sent: account.daySent,
      day_waiting: account.dayWaiting,
      paused_for: account.pausedFor,
      paused_until: account.pausedUntil,
    })
    .where('name', '=', name)
    .execute();
}

const HOUR = 3_600_000_000;

/** Counts what was let go, by the hour, and forgets what is two days old. */
export async function countHour(tx: Tx, name: string, sent: number, now: number): Promise<void> {
  const hour_at = Math.floor(now / HOUR) * HOUR;
  const counted = await tx
    .insertInto('rate_hour')
    .values({ name, hour_at, sent })
    .onConflict((conflict) =>
      conflict.columns(['name', 'hour_at']).doUpdateSet({ sent: sql<number>`rate_hour.sent + ${sent}` }),
    )
    .returning('rate_hour.sent')
    .executeTakeFirstOrThrow();
  if (Number(counted.sent) > sent) return;
  await tx
    .deleteFrom('rate_hour')
    .where('name', '=', name)
    .where('hour_at', '<', sql<string>`${now - 49 * HOUR}::bigint`)
    .execute();
}

/** What was let go in each hour of the last two days. */
export async function readHours(db: Queryable, name: string): Promise<SentHour[]> {
  const rows = await db
    .selectFrom('rate_hour')
    .select(['hour_at', 'sent'])
    .where('name', '=', name)
    .execute();
  return rows.map((row) => ({ at: Number(row.hour_at), sent: Number(row.sent) }));
}
