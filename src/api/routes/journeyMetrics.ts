import type {
  JourneyExecutionActivityMetricsResponse,
  JourneyExecutionMetricsResponse,
} from '@aws-sdk/client-pinpoint';
import { activityMetrics } from '../../analytics/activityMetrics.ts';
import { journeyMetrics } from '../../analytics/journeyMetrics.ts';
import type { MetricsScope } from '../../db/journeys/journeyMetrics.ts';
import { readRun } from '../../db/journeys/journeyRuns.ts';
import { type JourneyRow, requireJourney } from '../../db/journeys/journeys.ts';
import type { Deps } from '../../deps.ts';
import { notFound } from '../../domain/errors.ts';
import type { Handlers } from '../handler.ts';

interface Wanted {
  readonly ApplicationId?: string | undefined;
  readonly JourneyId?: string | undefined;
  readonly RunId?: string | undefined;
  readonly JourneyActivityId?: string | undefined;
}

/** Every answer is counted anew and is as of now; there is nothing to page through. */
export const journeyMetricsHandlers = {
  GetJourneyExecutionMetrics: async (input, { deps }) => ({
    JourneyExecutionMetricsResponse: await ofJourney(deps, input),
  }),

  GetJourneyRunExecutionMetrics: async (input, { deps }) => ({
    JourneyRunExecutionMetricsResponse: { ...(await ofJourney(deps, input)), RunId: input.RunId },
  }),

  GetJourneyExecutionActivityMetrics: async (input, { deps }) => ({
    JourneyExecutionActivityMetricsResponse: await ofActivity(deps, input),
  }),

  GetJourneyRunExecutionActivityMetrics: async (input, { deps }) => ({
    JourneyRunExecutionActivityMetricsResponse: { ...(await ofActivity(deps, input)), RunId: input.RunId },
  }),
} satisfies Handlers;

async function ofJourney(deps: Deps, wanted: Wanted): Promise<JourneyExecutionMetricsResponse> {
  const { scope } = await scopeOf(deps, wanted);
  return { ...(await headOf(deps, scope)), Metrics: await journeyMetrics(deps.db, scope) };
}

async function ofActivity(deps: Deps, wanted: Wanted): Promise<JourneyExecutionActivityMetricsResponse> {
  const { journey, scope } = await scopeOf(deps, wanted);
  const { JourneyActivityId = '' } = wanted;
  const activities = journey.document.Activities ?? {};
  const activity = Object.hasOwn(activities, JourneyActivityId) ? activities[JourneyActivityId] : undefined;
  if (activity === undefined) throw notFound(`activity ${JourneyActivityId} in journey ${journey.id}`);
  const { type, metrics } = await activityMetrics(deps.db, journey, scope, [JourneyActivityId, activity]);
  return { ...(await headOf(deps, scope)), JourneyActivityId, ActivityType: type, Metrics: metrics };
}

async function scopeOf(
  deps: Deps,
  { ApplicationId: appId = '', JourneyId: journeyId = '', RunId: runId }: Wanted,
): Promise<{ readonly journey: JourneyRow; readonly scope: MetricsScope }> {
  const journey = await requireJourney(deps.db, appId, journeyId);
  if (runId === undefined) return { journey, scope: { appId, journeyId } };
  const run = await readRun(deps.db, { appId, journeyId }, runId);
  if (run === undefined) throw notFound(`run ${runId} of journey ${journeyId}`);
  return { journey, scope: { appId, journeyId, runId } };
}

async function headOf(deps: Deps, { appId, journeyId }: MetricsScope) {
  const now = await deps.clock.now();
  return { ApplicationId: appId, JourneyId: journeyId, LastEvaluatedTime: now.toISOString() };
}
