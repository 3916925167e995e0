import type { Upstream } from '../channels/upstream/upstream.ts';
import type { Clock } from '../clock.ts';
import { changeApp } from '../db/apps.ts';
import type { Database } from '../db/database.ts';
import { notFound } from '../domain/errors.ts';

/** What is needed of the deps to find or make an upstream app. */
export interface UpstreamAppDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly upstream: Upstream;
}

/**
 * The Pinpoint app at AWS (or in the mailbox) that sends push and SMS for one of ours. It is made on first use,
 * once however many ask at the same time, and named after our app's id so that it can be found there.
 * @throws RepointError NotFound when the app is gone, else what upstream refuses or fails with
 */
export async function upstreamAppOf(deps: UpstreamAppDeps, appId: string): Promise<string> {
  const app = await deps.db
    .selectFrom('app')
    .select('upstream_app_id')
    .where('id', '=', appId)
    .executeTakeFirst();
  return app?.upstream_app_id ?? (await createOnce(deps, appId));
}

/**
 * The row stays locked during the call, so that two first uses make one upstream app. The lock is the one that
 * rows referring to the app do not wait for.
 */
async function createOnce(deps: UpstreamAppDeps, appId: string): Promise<string> {
  return await deps.db.transaction().execute(async (tx) => {
    const app = await tx
      .selectFrom('app')
      .select('upstream_app_id')
      .where('id', '=', appId)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (app === undefined) throw notFound(`application ${appId}`);
    if (app.upstream_app_id !== null) return app.upstream_app_id;
    const upstreamAppId = await deps.upstream.createApp(`repoint-${appId}`);
    await changeApp(tx, appId, { upstream_app_id: upstreamAppId }, await deps.clock.now());
    return upstreamAppId;
  });
}
