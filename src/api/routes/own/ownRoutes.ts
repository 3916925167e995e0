import { Hono } from 'hono';
import type { Deps } from '../../../deps.ts';
import { eventStreamRoutes } from './eventStream.ts';
import { journeyEntryRoutes } from './journeyEntry.ts';
import { messageRoutes } from './messages.ts';
import { positionRoutes } from './positions.ts';
import { sendingRoutes } from './sending.ts';
import { splitEvaluationRoutes } from './splitEvaluation.ts';
import { templatePreviewRoutes } from './templatePreview.ts';
import { timeScaleRoutes } from './timeScale.ts';
import { traceRoutes } from './trace.ts';
import { upstreamRoutes } from './upstream.ts';

/** Repoint's own HTTP, under `/repoint/v1`, signed like the rest; one line a resource. */
export function ownRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.route('/', upstreamRoutes(deps));
  routes.route('/', timeScaleRoutes(deps));
  routes.route('/', splitEvaluationRoutes(deps));
  routes.route('/', journeyEntryRoutes(deps));
  routes.route('/', eventStreamRoutes(deps));
  routes.route('/', traceRoutes(deps));
  routes.route('/', positionRoutes(deps));
  routes.route('/', messageRoutes(deps));
  routes.route('/', sendingRoutes(deps));
  routes.route('/', templatePreviewRoutes(deps));
  return routes;
}
