import { activityMetrics } from '../../../src/analytics/activityMetrics.ts';
import { journeyMetrics } from '../../../src/analytics/journeyMetrics.ts';
import { listApps } from '../../../src/db/apps.ts';
import { listRuns } from '../../../src/db/campaigns/campaignRuns.ts';
import { listCampaigns } from '../../../src/db/campaigns/campaigns.ts';
import { sweepCancelled } from '../../../src/db/journeys/journeyEnd.ts';
import type { MetricsScope } from '../../../src/db/journeys/journeyMetrics.ts';
import { listJourneys, requireJourney } from '../../../src/db/journeys/journeys.ts';
import { readPositions } from '../../../src/db/journeys/positions.ts';
import { readTrace } from '../../../src/db/journeys/trace.ts';
import { dropBodies } from '../../../src/db/messages/dropBodies.ts';
import { readMessage } from '../../../src/db/messages/messageDetails.ts';
import { countMessages, listMessages } from '../../../src/db/messages/messageList.ts';
import { endpointsOfUser } from '../../../src/db/people/endpoints.ts';
import { listSegments } from '../../../src/db/segments/segmentVersions.ts';
import { listTemplates } from '../../../src/db/templates.ts';
import type { Deps } from '../../../src/deps.ts';
import type { Participant } from '../../../src/domain/participant.ts';
import { deleteEndpoint, deleteUser } from '../../../src/ingest/endpoints/deleteEndpoints.ts';
import { settleRequests } from '../../../src/sending/settleRequests.ts';
import { endpointId, scene, smallJourney, userId } from '../fill.ts';

import { type HotPath, inTransaction } from './ground.ts';

const { appId, journeyId, campaignId, now } = scene;

const ofSmallJourney = { appId, journeyId: smallJourney.id };
const ofSmallRun = { ...ofSmallJourney, runId: `${smallJourney.id}-run` };

const after = { createdAt: new Date(now.getTime() - 60_000_000), id: '~' };
const page = { size: 100, after };
const messagePage = { size: 100, after: { ...after, id: '00000000-0000-7000-8000-000000000000 1' } };

async function metricsOf(deps: Deps, scope: MetricsScope, step: string) {
  const journey = await requireJourney(deps.db, scope.appId, scope.journeyId);
  const activity = journey.document.Activities?.[step];
  if (activity === undefined) throw new Error(`there is no ${step}`);
  return await activityMetrics(deps.db, journey, scope, [step, activity]);
}

/** What is asked, listed, counted and deleted. */
export const reading: readonly HotPath[] = [
  { name: 'GetUserEndpoints', run: ({ deps }) => endpointsOfUser(deps.db, appId, userId(42)) },
  {
    name: 'trace',
    run: ({ deps, sent }, turn) =>
      readTrace(deps.db, appId, journeyId, sent[turn].participant as Participant),
  },
  { name: 'positions of a journey', run: ({ deps }) => readPositions(deps.db, appId, smallJourney.id) },
  { name: 'GetJourneyExecutionMetrics', run: ({ deps }) => journeyMetrics(deps.db, ofSmallJourney) },
  { name: 'GetJourneyRunExecutionMetrics', run: ({ deps }) => journeyMetrics(deps.db, ofSmallRun) },
  {
    name: 'GetJourneyExecutionActivityMetrics, a message',
    run: ({ deps }) => metricsOf(deps, ofSmallJourney, 'WelcomeEmail'),
  },
  {
    name: 'GetJourneyExecutionActivityMetrics, a wait',
    run: ({ deps }) => metricsOf(deps, ofSmallJourney, 'Wait3Days'),
  },
  {
    name: 'GetJourneyRunExecutionActivityMetrics',
    run: ({ deps }) => metricsOf(deps, ofSmallRun, 'WelcomeEmail'),
  },
  { name: 'what requests have left open', run: ({ deps }) => settleRequests(deps) },
  { name: 'newest messages', run: ({ deps }) => listMessages(deps.db, { appId }, messagePage) },
  {
    name: 'one message',
    run: ({ deps, sent }, turn) => readMessage(deps.db, appId, { owner: sent[turn].id, seq: 1 }),
  },
  { name: 'bodies past their time', run: ({ deps }) => dropBodies(deps.db, now) },
  {
    name: 'messages of unknown outcome',
    run: ({ deps }) => listMessages(deps.db, { appId, state: 'unknown', campaignId }, messagePage),
  },
  {
    name: 'messages to an endpoint',
    run: ({ deps }) => listMessages(deps.db, { appId, endpointId: endpointId(42) }, messagePage),
  },
  {
    name: 'count of messages of unknown outcome',
    mostRows: 3_000,
    run: ({ deps }) => countMessages(deps.db, { appId, state: 'unknown' }),
  },
  {
    name: 'DeleteEndpoint',
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) => deleteEndpoint(tx, appId, endpointId(101 + turn), now)),
  },
  {
    name: 'DeleteUserEndpoints',
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) => deleteUser(tx, appId, userId(201 + turn), now)),
  },
  {
    name: 'a sweep of a cancelled journey',
    // those that the sweep before has ended are looked at once more
    mostRows: 1_500,
    run: ({ deps }) => sweepCancelled(deps.db, { appId, journeyId }, now),
  },
  { name: 'GetApps', run: ({ deps }) => listApps(deps.db, page) },
  { name: 'GetSegments', run: ({ deps }) => listSegments(deps.db, appId, page) },
  { name: 'GetCampaigns', run: ({ deps }) => listCampaigns(deps.db, appId, page) },
  {
    name: 'GetCampaignActivities',
    run: ({ deps }) => listRuns(deps.db, appId, campaignId, { size: 100, after: undefined }),
  },
  { name: 'ListJourneys', run: ({ deps }) => listJourneys(deps.db, appId, page) },
  {
    name: 'ListTemplates',
    run: ({ deps }) =>
      listTemplates(deps.db, {}, { createdAt: page.after.createdAt, name: '~', type: 'EMAIL' }, 100),
  },
];
