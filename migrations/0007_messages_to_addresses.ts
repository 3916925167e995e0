import { type Kysely, sql } from 'kysely';

const statements = [
  // What was sent to an address itself, for the erasure of who has it.
  'create index message_address on message (app_id, lower(address)) where endpoint_id is null',
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
