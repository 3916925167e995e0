import { Hono } from 'hono';
import { z } from 'zod';
import { changeApp, requireApp } from '../../../db/apps.ts';
import { requireJourney, setJourneySplitEvaluation } from '../../../db/journeys/journeys.ts';
import type { Deps } from '../../../deps.ts';
import { RepointError } from '../../../domain/errors.ts';
import { splitEvaluations } from '../../../domain/journey/verdict.ts';
import { splitEvaluationOf } from '../../../ingest/journeys/splitEvaluation.ts';
import { ownBody } from './ownBody.ts';

const splitEvaluationRequest = z.strictObject({ SplitEvaluation: z.enum(splitEvaluations).nullable() });

/**
 * `/apps/{id}/split-evaluation` and `/apps/{id}/journeys/{id}/split-evaluation`: when splits are judged, `event` or
 * `at-end`, of the journeys that the app publishes from then on, or of one that is a DRAFT. Null: a journey does as its
 * app, an app as REPOINT_SPLIT_EVALUATION says. `InForce` is what comes of it.
 */
export function splitEvaluationRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.get('/apps/:appId/split-evaluation', async (context) => {
    return context.json(await ofApp(deps, context.req.param('appId')));
  });
  routes.put('/apps/:appId/split-evaluation', async (context) => {
    const appId = context.req.param('appId');
    const { SplitEvaluation } = await ownBody(context, splitEvaluationRequest);
    const change = { split_evaluation: SplitEvaluation };
    await changeApp(deps.db, appId, change, await deps.clock.now());
    return context.json(await ofApp(deps, appId));
  });
  routes.get('/apps/:appId/journeys/:journeyId/split-evaluation', async (context) => {
    const { appId, journeyId } = context.req.param();
    return context.json(await ofJourney(deps, appId, journeyId));
  });
  routes.put('/apps/:appId/journeys/:journeyId/split-evaluation', async (context) => {
    const { appId, journeyId } = context.req.param();
    const { SplitEvaluation } = await ownBody(context, splitEvaluationRequest);
    const now = await deps.clock.now();
    const stored = await setJourneySplitEvaluation(deps.db, { appId, journeyId }, SplitEvaluation, now);
    const answer = await ofJourney(deps, appId, journeyId);
    if (!stored) throw alreadyPublished(journeyId);
    return context.json(answer);
  });
  return routes;
}

async function ofApp(deps: Deps, appId: string) {
  const { split_evaluation: own } = await requireApp(deps.db, appId);
  return { SplitEvaluation: own, InForce: own ?? deps.config.REPOINT_SPLIT_EVALUATION };
}

async function ofJourney(deps: Deps, appId: string, journeyId: string) {
  const journey = await requireJourney(deps.db, appId, journeyId);
  return {
    SplitEvaluation: journey.split_evaluation,
    InForce: await splitEvaluationOf(deps.db, journey, deps.config),
  };
}

function alreadyPublished(journeyId: string): RepointError {
  const message = `journey ${journeyId} was published; when its splits are judged is fixed`;
  return new RepointError('Conflict', message);
}
