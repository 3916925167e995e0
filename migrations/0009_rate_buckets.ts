import { type Kysely, sql } from 'kysely';

const statements = [
  // One line of slots each: a provider's channel, a journey's pace, a campaign's. Instants are microseconds since 1970.
  `create table rate_bucket (
    name text primary key, app_id text references app on delete cascade,
    next_at bigint not null default 0, queue_at bigint not null default 0,
    speed double precision not null default 1, slowed_at bigint not null default 0,
    per_second double precision, day_quota double precision, day_sent double precision not null default 0,
    day_waiting bigint not null default 0, paused_for text, paused_until bigint not null default 0,
    is_sandbox boolean, checked_at timestamptz, failed_at timestamptz, failure text)`,
  'create index rate_bucket_app on rate_bucket (app_id) where app_id is not null',
  // What was let go in each hour of the last day, where there is a daily quota.
  `create table rate_hour (
    name text not null references rate_bucket on delete cascade, hour_at bigint not null, sent bigint not null,
    primary key (name, hour_at))`,
  // Who waits until a provider lets its account go on: they are woken then, earliest first.
  `create index message_held on message (channel, held_until)
    where state = 'queued' and held_for in ('DAILY_QUOTA', 'SENDING_PAUSED')`,
  // The pace of journeys is a bucket now; its turns are seconds that will be over.
  'drop table journey_pace',
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
