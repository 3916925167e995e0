import { Hono } from 'hono';
import type { Deps } from '../../deps.ts';

/** What providers call, under `/webhooks`: not signed by our callers, each proves itself in its own way. */
export function webhookRoutes(_deps: Deps): Hono {
  return new Hono();
}
