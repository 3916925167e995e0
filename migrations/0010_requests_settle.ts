import { type Kysely, sql } from 'kysely';

const statements = [
  // How a request wants it sent (From, MessageType …), for another call that comes by itself.
  'alter table message add column choices jsonb',
  // What no caller waits for any more.
  `create index message_request_open on message (attempted_at) where owner_kind = 'request' and settled_at is null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
