import { sql } from 'kysely';
import type { Database } from './database.ts';

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
  return row.owner;
}
