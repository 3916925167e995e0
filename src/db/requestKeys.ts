import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** What tells tries of one request from other requests. */
export interface RequestKey {
  /** Empty where the request makes an app. */
  readonly appId: string;
  /** The same for every try of one request, and for no other. */
  readonly key: string;
  /** A hash of the request. */
  readonly request: string;
}

/** The request a key was first used for. */
export interface KnownRequest {
  /** A uuid v7: the owner of the request's messages, and what its resource is named by. */
  readonly id: string;
  readonly isRepeat: boolean;
  /** Null where it is not known. */
  readonly request: string | null;
}

/** Notes a request under its key: `id` the first time, and that same one when it is repeated within a day. */
export async function noteRequest(
  db: Queryable,
  { appId, key, request }: RequestKey,
  id: string,
  now: Date,
): Promise<KnownRequest> {
  const row = await db
    .insertInto('request_key')
    .values({ app_id: appId, key, request, owner: id, created_at: now })
    // A plain "do nothing" would return no row for a repeat
    .onConflict((conflict) => conflict.columns(['app_id', 'key']).doUpdateSet({ key: sql`excluded.key` }))
    .returning(['owner', 'request'])
    .executeTakeFirstOrThrow();
  return { id: row.owner, isRepeat: row.owner !== id, request: row.request };
}

/** Forgets a request that was refused, so that its key is free for the one that is right. */
export async function forgetRequest(db: Queryable, { appId, key }: RequestKey): Promise<void> {
  await db.deleteFrom('request_key').where('app_id', '=', appId).where('key', '=', key).execute();
}
