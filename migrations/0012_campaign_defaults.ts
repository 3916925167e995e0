import { type Kysely, sql } from 'kysely';

/** An app's settings as they were when the campaign was created: what counts where the campaign says nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table campaign add column defaults jsonb not null default '{}'`.execute(db);
}
