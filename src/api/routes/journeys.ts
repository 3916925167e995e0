import type { JourneyResponse } from '@aws-sdk/client-pinpoint';
import { resourceIdOfCall } from '../../db/ids.ts';
import { type JourneyRow, listJourneys, requireJourney } from '../../db/journeys/journeys.ts';
import type { Matching } from '../../db/segments/segments.ts';
import { badRequest } from '../../domain/errors.ts';
import {
  changeJourneyState,
  deleteJourney,
  type RequestedState,
} from '../../ingest/journeys/changeJourneyState.ts';
import { createJourney, type SavedJourney, updateJourney } from '../../ingest/journeys/saveJourney.ts';
import type { Call, Handlers } from '../handler.ts';
import { pageOf, parsePage } from '../pagination.ts';

export const journeyHandlers = {
  CreateJourney: async ({ ApplicationId: appId = '', WriteJourneyRequest }, call) => {
    const id = resourceIdOfCall('CreateJourney', appId, call.invocationId);
    const saved = await createJourney(call.deps, appId, WriteJourneyRequest, id);
    return { JourneyResponse: tell(saved, call) };
  },

  UpdateJourney: async ({ ApplicationId: appId = '', JourneyId = '', WriteJourneyRequest }, call) => {
    const saved = await updateJourney(call.deps, appId, JourneyId, WriteJourneyRequest);
    return { JourneyResponse: tell(saved, call) };
  },

  GetJourney: async ({ ApplicationId: appId = '', JourneyId = '' }, { deps }) => {
    const journey = await requireJourney(deps.db, appId, JourneyId);
    return { JourneyResponse: journeyResponse(journey) };
  },

  ListJourneys: async (input, { deps }) => {
    const page = parsePage(input);
    const rows = await listJourneys(deps.db, input.ApplicationId ?? '', page);
    const keyOf = (row: JourneyRow) => ({ createdAt: row.created_at, id: row.id });
    return { JourneysResponse: pageOf(rows, page, keyOf, journeyResponse) };
  },

  DeleteJourney: async ({ ApplicationId: appId = '', JourneyId = '' }, { deps }) => {
    return { JourneyResponse: journeyResponse(await deleteJourney(deps, appId, JourneyId)) };
  },

  UpdateJourneyState: async (
    { ApplicationId: appId = '', JourneyId = '', JourneyStateRequest },
    { deps },
  ) => {
    const state = requestedState(JourneyStateRequest?.State);
    return { JourneyResponse: journeyResponse(await changeJourneyState(deps, appId, JourneyId, state)) };
  },
} satisfies Handlers;

/** What publishing found out goes into headers: the body is Pinpoint's own. */
function tell({ journey, warnings, matching }: SavedJourney, call: Call): JourneyResponse {
  for (const warning of warnings) call.warn(warning);
  if (matching !== undefined) call.setHeader('x-repoint-matching', inHeader(matching));
  return journeyResponse(journey);
}

/** `42`, and `42+` where there may be more. */
function inHeader({ count, isAll }: Matching): string {
  return isAll ? String(count) : `${count}+`;
}

const requestable: readonly RequestedState[] = ['ACTIVE', 'PAUSED', 'CANCELLED'];

function requestedState(given: string | undefined): RequestedState {
  const state = requestable.find((each) => each === given);
  if (state !== undefined) return state;
  const fault = given === undefined ? 'is required' : `${given} cannot be asked for`;
  throw badRequest([{ path: 'State', message: `${fault}; one of ${requestable.join(', ')}` }]);
}

function journeyResponse(journey: JourneyRow): JourneyResponse {
  const { Schedule: schedule, ...document } = journey.document;
  return {
    // The canonical document is Pinpoint's own JSON, written by us and typed without the SDK
    ...(document as Partial<JourneyResponse>),
    Name: journey.name,
    ...(schedule && {
      Schedule: {
        ...schedule,
        StartTime: dateOf(schedule.StartTime),
        EndTime: dateOf(schedule.EndTime),
      },
    }),
    ApplicationId: journey.app_id,
    Id: journey.id,
    State: journey.state as JourneyResponse['State'],
    CreationDate: journey.created_at.toISOString(),
    LastModifiedDate: journey.modified_at.toISOString(),
  };
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
