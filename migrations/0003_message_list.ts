import { type Kysely, sql } from 'kysely';

const statements = [
  // Lists of messages, newest first.
  'create index message_newest on message (app_id, created_at desc, owner desc, seq desc)',
  // The same of the few that somebody may have to look into, among the many that went well.
  `create index message_trouble on message (app_id, created_at desc, owner desc, seq desc)
    where state in ('unknown', 'failed')`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
