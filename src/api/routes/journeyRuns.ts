import type { JourneyRunResponse } from '@aws-sdk/client-pinpoint';
import { type JourneyRun, listRuns } from '../../db/journeys/journeyRuns.ts';
import { requireJourney } from '../../db/journeys/journeys.ts';
import type { Handlers } from '../handler.ts';
import { pageOf, parsePage } from '../pagination.ts';

export const journeyRunHandlers = {
  GetJourneyRuns: async ({ ApplicationId: appId = '', JourneyId: journeyId = '', ...input }, { deps }) => {
    const page = parsePage(input);
    await requireJourney(deps.db, appId, journeyId);
    const rows = await listRuns(deps.db, { appId, journeyId }, page);
    const keyOf = (row: JourneyRun) => ({ createdAt: row.created_at, id: row.id });
    return { JourneyRunsResponse: pageOf(rows, page, keyOf, runResponse) };
  },
} satisfies Handlers;

function runResponse(run: JourneyRun): JourneyRunResponse {
  return {
    RunId: run.id,
    CreationTime: run.created_at.toISOString(),
    LastUpdateTime: run.updated_at.toISOString(),
    Status: run.state,
  };
}
