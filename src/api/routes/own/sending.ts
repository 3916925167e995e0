import { Hono } from 'hono';
import type { Deps } from '../../../deps.ts';
import { readSending } from '../../../sending/rates/sendingStatus.ts';

/** `/sending`: how every channel may send now, why not if so, and how many wait for it. */
export function sendingRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.get('/sending', async (context) => context.json({ Channels: await readSending(deps) }));
  return routes;
}
