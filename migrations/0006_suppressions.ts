import { type Kysely, sql } from 'kysely';

const statements = [
  `create table suppression (
    channel text not null, address text not null, reason text not null, source text not null,
    since timestamptz not null, lifted_at timestamptz, primary key (channel, address))`,
  // When somebody last said that this endpoint wants messages, or does not: an older word does not undo it.
  'alter table endpoint add column opt_out_at timestamptz',
  // End User Messaging names a message only by the id it gave it.
  "create index message_sms_provider on message (provider_message_id) where channel = 'SMS' and provider_message_id is not null",
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
