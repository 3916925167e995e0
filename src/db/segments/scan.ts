import type { Queryable } from '../database.ts';

/** Endpoints that one query over an app may look at: a page of a segment costs the same however few of them match. */
const SCANNED_AT_ONCE = 10_000;

/** The next endpoints of an app after an id, in the order of their ids, as the table `endpoint` of a query. */
export function nextEndpoints(db: Queryable, appId: string, after: string) {
  return db
    .selectFrom('endpoint')
    .selectAll()
    .where('app_id', '=', appId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(SCANNED_AT_ONCE)
    .as('endpoint');
}

/** The last id of a full `nextEndpoints`. Null: there are fewer, so the scan has come to the app's end. */
export async function lastOfNextEndpoints(
  db: Queryable,
  appId: string,
  after: string,
): Promise<string | null> {
  const row = await db
    .selectFrom('endpoint')
    .select('id')
    .where('app_id', '=', appId)
    .where('id', '>', after)
    .orderBy('id')
    .offset(SCANNED_AT_ONCE - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}
