import { sql } from 'kysely';
import type { Database } from './database.ts';

const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * The owner of a request's messages: `owner` the first time, and that same one when the request is repeated within a day.
 * @param key the same for every try of one request, and for no other
 */
export async function ownerOfRequest(
  db: Database,
  appId: string,
  key: string,
  owner: string,
  now: Date,
): Promise<string> {
  const row = await db
    .insertInto('request_key')
    .values({ app_id: appId, key, owner, created_at: now })
    // A plain "do nothing" would return no row for a repeat
    .onConflict((conflict) => conflict.columns(['app_id', 'key']).doUpdateSet({ key: sql`excluded.key` }))
    .returning('owner')
    .executeTakeFirstOrThrow();
  if (row.owner === owner) await forgetOld(db, now);
  return row.owner;
}

/** Each new key removes a few that are past their day, so that the table needs no caretaker. */
async function forgetOld(db: Database, now: Date): Promise<void> {
  const old = new Date(now.getTime() - KEPT_MS);
  await sql`
    delete from request_key where (app_id, key) in (
      select app_id, key from request_key where created_at < ${old} order by created_at limit 5 for update skip locked
    )`.execute(db);
}
