import { Hono } from 'hono';
import { z } from 'zod';
import { changeApp, requireApp } from '../../../db/apps.ts';
import type { Deps } from '../../../deps.ts';
import { ownBody } from './ownBody.ts';

const upstreamRequest = z.strictObject({
  UpstreamAppId: z.string().regex(/^[0-9a-zA-Z-]{1,64}$/, 'must be the id of a Pinpoint application'),
});

/** `/apps/{id}/upstream`: the Pinpoint app at AWS that sends push and SMS for one of ours. */
export function upstreamRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.get('/apps/:appId/upstream', async (context) => {
    const app = await requireApp(deps.db, context.req.param('appId'));
    return context.json({ UpstreamAppId: app.upstream_app_id });
  });
  routes.put('/apps/:appId/upstream', async (context) => {
    const appId = context.req.param('appId');
    const { UpstreamAppId } = await ownBody(context, upstreamRequest);
    await changeApp(deps.db, appId, { upstream_app_id: UpstreamAppId }, await deps.clock.now());
    return context.json({ UpstreamAppId });
  });
  return routes;
}
