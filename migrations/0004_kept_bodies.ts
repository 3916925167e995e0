import { type Kysely, sql } from 'kysely';

const statements = [
  // Whether what it said is kept once it is settled (REPOINT_KEEP_BODIES_DAYS when it was claimed).
  'alter table message add column keeps_body boolean not null default false',
  'create index message_kept_body on message (settled_at) where keeps_body',
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
