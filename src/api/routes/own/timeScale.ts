import { Hono } from 'hono';
import { z } from 'zod';
import { changeApp, requireApp } from '../../../db/apps.ts';
import type { Deps } from '../../../deps.ts';
import { badRequest } from '../../../domain/errors.ts';
import { ownBody } from './ownBody.ts';

const timeScaleForm = 'must be a number from 1 to 10000000, or null';
const timeScaleRequest = z.strictObject({
  TimeScale: z.number(timeScaleForm).min(1, timeScaleForm).max(1e7, timeScaleForm).nullable(),
});

/**
 * `/apps/{id}/time-scale`: by what the durations of the journeys that the app publishes from then on are divided, so that
 * four days pass in seconds. Null: as REPOINT_TIME_SCALE says.
 */
export function timeScaleRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.get('/apps/:appId/time-scale', async (context) => {
    const app = await requireApp(deps.db, context.req.param('appId'));
    return context.json({ TimeScale: app.time_scale });
  });
  routes.put('/apps/:appId/time-scale', async (context) => {
    if (deps.config.REPOINT_DELIVERY !== 'mailbox') throw badRequest([onlyWithMailbox]);
    const appId = context.req.param('appId');
    const { TimeScale } = await ownBody(context, timeScaleRequest);
    await changeApp(deps.db, appId, { time_scale: TimeScale }, await deps.clock.now());
    return context.json({ TimeScale });
  });
  return routes;
}

const onlyWithMailbox = {
  path: 'TimeScale',
  message: 'allowed only with REPOINT_DELIVERY=mailbox, where no real person is written to',
};
