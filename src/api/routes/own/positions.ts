import { Hono } from 'hono';
import { requireJourney } from '../../../db/journeys/journeys.ts';
import { readPositions } from '../../../db/journeys/positions.ts';
import type { Deps } from '../../../deps.ts';

/** `/apps/{id}/journeys/{id}/positions`: how many are on their way to each step, and when they next wake. */
export function positionRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.get('/apps/:appId/journeys/:journeyId/positions', async (context) => {
    const { appId, journeyId } = context.req.param();
    await requireJourney(deps.db, appId, journeyId);
    return context.json({ Positions: await readPositions(deps.db, appId, journeyId) });
  });
  return routes;
}
