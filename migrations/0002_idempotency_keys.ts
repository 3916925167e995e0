import { type Kysely, sql } from 'kysely';

const statements = [
  // A request that creates an app has none yet.
  'alter table request_key drop constraint request_key_app_id_fkey',
  // Hash of the request a key was first used for; null for rows from before, which are gone within a day.
  'alter table request_key add column request text',
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
