import { Hono } from 'hono';
import type { Deps } from '../../../deps.ts';

/** Repoint's own HTTP, under `/repoint/v1`, signed like the rest; one line a resource. */
export function ownRoutes(_deps: Deps): Hono {
  return new Hono();
}
