import { type Kysely, sql } from 'kysely';

/** What the metrics of a journey and of its runs count, found without a look at the entries themselves. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index journey_entry_ends on journey_entry (app_id, journey_id, run_id, end_reason)`.execute(
    db,
  );
}
