import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // What a request's Context says of the message: attributes of its events.
  await sql`alter table message add column context jsonb`.execute(db);
}
