import type { Queryable } from './database.ts';

/** Whether a webhook has shown that it wants what comes from an application. */
export async function isWebhookConfirmed(db: Queryable, appId: string, url: string): Promise<boolean> {
  const row = await db
    .selectFrom('webhook')
    .select('url')
    .where('app_id', '=', appId)
    .where('url', '=', url)
    .executeTakeFirst();
  return row !== undefined;
}

/** Remembers that it has, for as long as the application exists. */
export async function confirmWebhook(db: Queryable, appId: string, url: string, now: Date): Promise<void> {
  await db
    .insertInto('webhook')
    .values({ app_id: appId, url, confirmed_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
