import type { ColumnType } from 'kysely';

type Int8 = ColumnType<string, number | undefined, number>;

/** A line of slots to send in (domain/rate). Instants that are numbers are microseconds since 1970, by Postgres' own clock. */
export interface RateBucketTable {
  name: string;
  /** The application it goes with; null for a provider's channel. */
  app_id: string | null;
  next_at: Int8;
  queue_at: Int8;
  speed: ColumnType<number, number | undefined, number>;
  slowed_at: Int8;
  /** What the provider says of the account: messages a second, and in 24 hours (null: no limit, or not known). */
  per_second: number | null;
  day_quota: number | null;
  /** Sent in the 24 hours before `checked_at`, as the provider said then, and what was let go since. */
  day_sent: ColumnType<number, number | undefined, number>;
  /** How many were told to come back because of the quota since it was reached. */
  day_waiting: Int8;
  /** Why nothing may leave until `paused_until`. */
  paused_for: string | null;
  paused_until: Int8;
  is_sandbox: boolean | null;
  /** When the provider last told its limits, and when it last would not, and why. */
  checked_at: Date | null;
  failed_at: Date | null;
  failure: string | null;
}

/** What a bucket let go in the hour that begins at `hour_at`, for the last two days. */
export interface RateHourTable {
  name: string;
  hour_at: ColumnType<string, number, number>;
  sent: ColumnType<string, number, number>;
}
