import { Hono } from 'hono';
import { temporalWorkflowId } from '../../../client/temporalIds.ts';
import type { Config } from '../../../config.ts';
import { requireJourney } from '../../../db/journeys/journeys.ts';
import { readTrace } from '../../../db/journeys/trace.ts';
import { findEndpoint } from '../../../db/people/endpoints.ts';
import type { Deps } from '../../../deps.ts';
import { badRequest, notFound } from '../../../domain/errors.ts';
import { type Participant, participantOf } from '../../../domain/participant.ts';

/**
 * `/apps/{id}/journeys/{id}/trace?user=ID` or `?endpoint=ID`: one person's passage, each step with time, decision and
 * reason, what it waits for, and where its workflow is in the Web UI.
 */
export function traceRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.get('/apps/:appId/journeys/:journeyId/trace', async (context) => {
    const { appId, journeyId } = context.req.param();
    await requireJourney(deps.db, appId, journeyId);
    const participant = await whoIs(deps, appId, context.req.query());
    const trace = await readTrace(deps.db, appId, journeyId, participant);
    const Entries = trace.Entries.map((entry) => {
      const WorkflowId = temporalWorkflowId(deps.config, entry.WorkflowId);
      return { ...entry, WorkflowId, WebUi: webUiLink(deps.config, WorkflowId) };
    });
    return context.json({ ...trace, Entries });
  });
  return routes;
}

async function whoIs(deps: Deps, appId: string, query: Record<string, string>): Promise<Participant> {
  const { user, endpoint } = query;
  if (user !== undefined && endpoint === undefined) return `u:${user}`;
  if (endpoint === undefined || user !== undefined) {
    throw badRequest([{ path: 'query', message: 'name one person: ?user=ID or ?endpoint=ID' }]);
  }
  const found = await findEndpoint(deps.db, appId, endpoint);
  if (!found) throw notFound(`endpoint ${endpoint}`);
  return participantOf({ id: endpoint, userId: found.userId });
}

/** Null where the Web UI's address is not known. */
function webUiLink(config: Config, workflowId: string): string | null {
  if (config.REPOINT_TEMPORAL_UI_URL === undefined) return null;
  const namespace = config.TEMPORAL_NAMESPACE;
  return `${config.REPOINT_TEMPORAL_UI_URL}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
}
