import { claimChunk } from '../../src/activities/campaign/campaignChunk.ts';
import { claimStep } from '../../src/activities/journey/claimStep.ts';
import { decide } from '../../src/activities/journey/decide.ts';
import { activityMetrics } from '../../src/analytics/activityMetrics.ts';
import { journeyMetrics } from '../../src/analytics/journeyMetrics.ts';
import { allTaken, type StreamDoor } from '../../src/channels/streams/streamDoor.ts';
import { listApps } from '../../src/db/apps.ts';
import { receivedBefore } from '../../src/db/campaigns/campaignHistory.ts';
import { readMembers } from '../../src/db/campaigns/campaignMembers.ts';
import { listRuns } from '../../src/db/campaigns/campaignRuns.ts';
import { listCampaigns } from '../../src/db/campaigns/campaigns.ts';
import { newTimeId } from '../../src/db/ids.ts';
import { confirmStarts, type Entry } from '../../src/db/journeys/entries.ts';
import { sweepCancelled } from '../../src/db/journeys/journeyEnd.ts';
import type { MetricsScope } from '../../src/db/journeys/journeyMetrics.ts';
import { listJourneys, requireJourney } from '../../src/db/journeys/journeys.ts';
import { customAnswers, startingEvent } from '../../src/db/journeys/passageEvents.ts';
import { readPositions } from '../../src/db/journeys/positions.ts';
import { readTrace } from '../../src/db/journeys/trace.ts';
import { dropBodies } from '../../src/db/messages/dropBodies.ts';
import { readMessage } from '../../src/db/messages/messageDetails.ts';
import { countMessages, listMessages } from '../../src/db/messages/messageList.ts';
import { readCarried } from '../../src/db/outbox/carried.ts';
import { leaseOutbox } from '../../src/db/outbox/outboxLease.ts';
import { endpointsOfUser, markDirty } from '../../src/db/people/endpoints.ts';
import { endpointsAtNumber } from '../../src/db/people/endpointsAt.ts';
import { targetsByEndpoint, targetsByUser } from '../../src/db/people/sendTargets.ts';
import { readOpenEntries } from '../../src/db/repair/closedLook.ts';
import { readOverdue, readUnstarted } from '../../src/db/repair/overdue.ts';
import { isStartSeenTo, nextOwners, readOwners } from '../../src/db/repair/owners.ts';
import { countMatching, loadSegmentTree } from '../../src/db/segments/segments.ts';
import { listSegments } from '../../src/db/segments/segmentVersions.ts';
import { listTemplates } from '../../src/db/templates.ts';
import type { Deps } from '../../src/deps.ts';
import { defaultTreatment } from '../../src/domain/campaign/treatment.ts';
import type { Participant } from '../../src/domain/participant.ts';
import { deleteEndpoint, deleteUser } from '../../src/ingest/endpoints/deleteEndpoints.ts';
import { putEndpoint } from '../../src/ingest/endpoints/putEndpoint.ts';
import { enterPage } from '../../src/ingest/entering/enterPage.ts';
import { drainDirtyEndpoints } from '../../src/ingest/entering/journeyMembership.ts';
import { catchUpWatches } from '../../src/ingest/events/catchUpWatches.ts';
import { recordEvents } from '../../src/ingest/events/recordEvents.ts';
import { recordAddressFate } from '../../src/sending/addressFate.ts';
import { settleLeftovers } from '../../src/sending/campaignLeftovers.ts';
import { claimNew } from '../../src/sending/claim.ts';
import { findReported } from '../../src/sending/findReported.ts';
import type { MessageOwner, Recipient } from '../../src/sending/ledger.ts';
import { untilNoCall } from '../../src/sending/liveCalls.ts';
import { recordOutcomes } from '../../src/sending/recordOutcomes.ts';
import { settleRequests } from '../../src/sending/settleRequests.ts';
import { sendStreams } from '../../src/streams/sendStreams.ts';
import type { Explained } from './explained.ts';
import { endpointId, type Sizes, scene, smallJourney, userId } from './fill.ts';

const owners = ['journeyLife', 'campaignRun', 'importJob'] as const;
/** May leave at once. */
const leave = { permit: { slots: [0], refused: null }, as: 'marketing', turns: [] } as const;
const slots = new Map([['EMAIL', 25]] as const);

/** What the paths are run on. */
export interface Ground {
  readonly deps: Deps;
  readonly sizes: Sizes;
  /** Entries whose message was sent, and some that have not begun; one for each turn. */
  readonly sent: readonly [Entry, Entry];
  readonly fresh: readonly [Entry, Entry];
  /** A hundred entries that wait for their start. */
  readonly unstarted: readonly { readonly app_id: string; readonly entry_id: string }[];
  readonly runId: string;
}

export type Turn = 0 | 1;

export interface HotPath {
  readonly name: string;
  /** The most rows that one of its statements may look at in a table that grows; 1,000 where it says nothing. */
  readonly mostRows?: number;
  /** Done twice, first to warm up: `turn` makes the second something new. */
  readonly run: (ground: Ground, turn: Turn) => Promise<unknown>;
}

const { appId, journeyId, rareJourneyId, campaignId, rareSegmentId, now } = scene;
const time = { logical: now, real: now };
const after = { createdAt: new Date(now.getTime() - 60_000_000), id: '~' };
const page = { size: 100, after };
const messagePage = { size: 100, after: { ...after, id: '00000000-0000-7000-8000-000000000000 1' } };

const stepOf = (entry: Entry, step: string) => ({
  appId,
  entryId: entry.id,
  step,
  since: entry.entered_at.getTime(),
  waits: [],
  now: now.getTime(),
});

const event = (endpoint: string, type: string, turn: Turn) => ({
  endpointId: endpoint,
  eventId: `bench${turn}`,
  type,
  occurredAt: now,
  occurredAtText: now.toISOString(),
  attributes: { journey_id: journeyId, journey_activity_id: 'WelcomeEmail' },
  metrics: {},
  details: {},
});

const accepted = { kind: 'accepted', providerMessageId: 'ses' } as const;

const ownerOf = (owner: string): MessageOwner => ({
  ...{ appId, owner, kind: 'entry', step: 'WelcomeEmail', channel: 'EMAIL', class: 'marketing' },
  ...{ journeyId, graceMs: 900_000 },
});

const recipientOf = (endpoint: string): Recipient => ({
  ...{ recipient: endpoint, endpointId: endpoint, participant: null },
  ...{ channelType: 'EMAIL', address: `${endpoint}@example.com` },
});

const inTransaction = (deps: Deps) => deps.db.transaction();
const someIds = (id: (n: number) => string) => Array.from({ length: 100 }, (_, n) => id(n + 1));

const ofSmallJourney = { appId, journeyId: smallJourney.id };
const ofSmallRun = { ...ofSmallJourney, runId: `${smallJourney.id}-run` };

async function metricsOf(deps: Deps, scope: MetricsScope, step: string) {
  const journey = await requireJourney(deps.db, scope.appId, scope.journeyId);
  const activity = journey.document.Activities?.[step];
  if (activity === undefined) throw new Error(`there is no ${step}`);
  return await activityMetrics(deps.db, journey, scope, [step, activity]);
}

/** A far end that takes whatever it is sent. */
const takesAll: StreamDoor = {
  limits: { records: 500, bytes: 5_000_000, recordBytes: 1_000_000 },
  isAtomic: true,
  put: async (items) => allTaken(items),
};

/** Every query that is asked once for a write, an event, a message or a page, by the functions that ask it. */
export const hotPaths: readonly HotPath[] = [
  {
    name: 'putEndpoint, a new endpoint of a known user',
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) =>
        putEndpoint(
          tx,
          appId,
          `new${turn}`,
          { channelType: 'EMAIL', address: `new${turn}@example.com`, userId: userId(3 + turn) },
          now,
        ),
      ),
  },
  {
    name: 'putEndpoint, to another user',
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) =>
        putEndpoint(
          tx,
          appId,
          endpointId(7 + turn),
          { userId: userId(17 + turn), userAttributes: { Plan: ['free'] } },
          now,
        ),
      ),
  },
  {
    name: 'PutEvents, an event of an app',
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) =>
        recordEvents(tx, appId, [event(endpointId(11), '_email.open', turn)], now),
      ),
  },
  {
    name: "PutEvents, a phone's report",
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) =>
        recordEvents(tx, appId, [event(endpointId(12), '_journey.opened_notification', turn)], now),
      ),
  },
  {
    name: "PutEvents, a phone's report that names its push",
    run: ({ deps, sent }, turn) => {
      const report = event(sent[turn].endpoint_id, '_journey.opened_notification', turn);
      const attributes = { repoint_message: `${sent[turn].id}-1-1` };
      return inTransaction(deps).execute((tx) => recordEvents(tx, appId, [{ ...report, attributes }], now));
    },
  },
  {
    name: 'what a push service says of a token',
    run: ({ deps }, turn) => {
      const of = { endpointId: endpointId(15 + turn), address: `person${15 + turn}@example.com` };
      return inTransaction(deps).execute((tx) =>
        recordAddressFate(tx, appId, of, { status: 'INACTIVE' }, now),
      );
    },
  },
  {
    name: 'a turn of an event stream',
    mostRows: 3_000,
    run: ({ deps }) => sendStreams({ ...deps, openStream: () => takesAll }),
  },
  {
    name: "a provider's event of a message",
    run: ({ deps, sent }, turn) =>
      inTransaction(deps).execute((tx) =>
        recordEvents(
          tx,
          appId,
          [
            {
              ...event(sent[turn].endpoint_id, '_email.open', turn),
              message: { owner: sent[turn].id, seq: 1 },
            },
          ],
          now,
        ),
      ),
  },
  {
    name: "the message of an event by the provider's id",
    run: ({ deps }, turn) => findReported(deps.db, { providerMessageId: `sms-${turn}` }),
  },
  {
    name: 'whose number sent STOP',
    run: ({ deps }, turn) => endpointsAtNumber(deps.db, `+1555010${turn}`),
  },
  {
    name: 'PutEvents, an event that starts a journey',
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) =>
        recordEvents(tx, appId, [event(endpointId(21 + turn), 'basket.left', turn)], now),
      ),
  },
  {
    name: 'membership of written endpoints',
    mostRows: 4_000,
    run: async ({ deps, sizes }, turn) => {
      const count = Math.min(250, sizes.endpoints / 500);
      const ids = Array.from({ length: count }, (_, n) => endpointId(turn * count + n + 1));
      await markDirty(deps.db, appId, ids, []);
      return await drainDirtyEndpoints(deps);
    },
  },
  {
    name: "a page of a journey's segment",
    mostRows: 11_000,
    run: async ({ deps, sizes }) => {
      const position = endpointId(Math.floor(sizes.endpoints / 3));
      await deps.db
        .updateTable('journey_run')
        .set({ position })
        .where('journey_id', '=', journeyId)
        .execute();
      return await enterPage(deps, { appId, journeyId });
    },
  },
  {
    name: 'a page of a segment without members',
    mostRows: 11_000,
    run: ({ deps }) => enterPage(deps, { appId, journeyId: rareJourneyId }),
  },
  {
    name: 'count of a segment when a journey is published',
    mostRows: 11_000,
    run: async ({ deps }) => {
      const segment = await loadSegmentTree(deps.db, appId, rareSegmentId);
      return segment && (await countMatching(deps.db, appId, segment.tree, now));
    },
  },
  { name: 'lease of the outbox', run: ({ deps }) => leaseOutbox(deps.db, time) },
  {
    name: 'entries and journeys of a batch of the outbox',
    run: ({ deps, unstarted }, turn) => readCarried(deps.db, unstarted.slice(turn * 50, turn * 50 + 50)),
  },
  {
    name: 'confirmation of starts',
    run: ({ deps, unstarted }, turn) =>
      confirmStarts(deps.db, unstarted.slice(turn * 50, turn * 50 + 50), now),
  },
  {
    name: 'look for events beside a new entry',
    run: ({ deps, fresh }, turn) => catchUpWatches(deps.db, fresh[turn], now),
  },
  { name: 'repair, overdue entries', run: ({ deps }) => readOverdue(deps.db, now, 100) },
  {
    name: 'entries of workflows that were closed from outside',
    run: ({ deps, unstarted }) =>
      readOpenEntries(
        deps.db,
        unstarted.map(({ app_id, entry_id }) => ({ appId: app_id, entryId: entry_id })),
      ),
  },
  {
    name: 'repair, journeys, campaigns and imports that are not over',
    run: ({ deps }) =>
      Promise.all(owners.map((kind) => nextOwners(deps.db, kind, { app_id: '', id: '' }, 100, now))),
  },
  {
    name: 'owners of workflows that were closed from outside',
    run: async ({ deps }) => {
      const asked = [journeyId, campaignId].map((id) => ({ appId, id }));
      const found = await Promise.all(owners.map((kind) => readOwners(deps.db, kind, asked, now)));
      return await Promise.all(found.flat().map(({ start }) => isStartSeenTo(deps.db, start)));
    },
  },
  { name: 'repair, entries without a start', run: ({ deps }) => readUnstarted(deps.db, now, 100) },
  {
    name: 'message step, first look',
    run: ({ deps, fresh }, turn) =>
      inTransaction(deps).execute((tx) =>
        claimStep(tx, deps, 'EMAIL', { ...stepOf(fresh[turn], 'WelcomeEmail'), last: false }, time, leave),
      ),
  },
  {
    name: 'message step, a repeat',
    run: ({ deps, sent }, turn) =>
      inTransaction(deps).execute((tx) =>
        claimStep(tx, deps, 'EMAIL', { ...stepOf(sent[turn], 'WelcomeEmail'), last: false }, time, leave),
      ),
  },
  {
    name: 'what started a passage and what custom steps were answered',
    run: async ({ deps, sent }, turn) => {
      const entry = { ...sent[turn], event_id: sent[turn].id };
      return [await startingEvent(deps.db, entry), await customAnswers(deps.db, entry)];
    },
  },
  {
    name: 'decision of a split',
    run: ({ deps, sent }, turn) => decide(deps, { ...stepOf(sent[turn], 'CheckEngagement'), last: [] }),
  },
  {
    name: 'campaign page',
    run: ({ deps, runId }) =>
      inTransaction(deps).execute((tx) =>
        claimChunk(tx, { appId, campaignId, version: 1, runId }, { limit: 25, slots }, time, deps.config),
      ),
  },
  {
    name: 'campaign page of a segment without members',
    mostRows: 11_000,
    run: async ({ deps }) => {
      const segment = await loadSegmentTree(deps.db, appId, rareSegmentId);
      if (segment === null) throw new Error('the segment is not there');
      const query = { appId, tree: segment.tree, asOf: now, channelTypes: ['EMAIL'], after: '', limit: 25 };
      return await readMembers(deps.db, query);
    },
  },
  {
    name: 'campaign history counts',
    run: ({ deps }) =>
      receivedBefore(deps.db, { appId, campaignId, runId: newest }, someIds(endpointId).slice(0, 25), now),
  },
  {
    name: "leftovers of a run's end",
    run: ({ deps, runId }) =>
      inTransaction(deps).execute((tx) =>
        settleLeftovers(tx, { appId, campaignId, runId, reason: 'EXPIRED' }, time),
      ),
  },
  {
    name: 'first messages of 25 entries, and what their calls came to',
    run: async ({ deps }, turn) => {
      const answered = [];
      for (let number = 0; number < 25; number += 1) {
        const owner = ownerOf(newTimeId(now));
        const to = recipientOf(endpointId(30 + number + 25 * turn));
        const [claim] = await claimNew(deps.db, owner, [to], time, async () => undefined, 1);
        if (claim === undefined) throw new Error('the claim of a new message is a call');
        answered.push({ owner, claim, outcome: accepted, logical: now });
      }
      return await recordOutcomes(deps.db, appId, answered);
    },
  },
  {
    name: "what 25 calls of a campaign's run came to",
    run: ({ deps, runId }, turn) => {
      const answered = Array.from({ length: 25 }, (_, index) => {
        const seq = 1 + index + 25 * turn;
        const owner = { ...ownerOf(runId), kind: 'campaign', step: defaultTreatment, campaignId } as const;
        const call = { kind: 'call', recipient: recipientOf(endpointId(seq)), seq, attempt: 1 } as const;
        return {
          owner,
          claim: { ...call, messageId: `${runId}-${seq}-1`, rendered: null },
          outcome: accepted,
          logical: now,
        };
      });
      return recordOutcomes(deps.db, appId, answered);
    },
  },
  {
    name: 'live claims of a campaign',
    run: ({ deps }) => untilNoCall(deps.db, { appId, campaignId }),
  },
  {
    name: 'live claims of a journey',
    run: ({ deps }) => untilNoCall(deps.db, { appId, journeyId }),
  },
  {
    name: 'SendMessages to endpoints',
    run: ({ deps }) => targetsByEndpoint(deps.db, appId, someIds(endpointId)),
  },
  { name: 'SendUsersMessages', run: ({ deps }) => targetsByUser(deps.db, appId, someIds(userId)) },
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

/** No run's id: every run is an earlier one. */
const newest = 'ffffffff-ffff-7fff-bfff-ffffffffffff';

/** Finds what the paths are run on, in a database that `fill` has filled. */
export async function groundOf(deps: Deps, sizes: Sizes): Promise<Ground> {
  const entries = async (isStarted: boolean): Promise<[Entry, Entry]> => {
    const [first, second] = await deps.db
      .selectFrom('journey_entry')
      .selectAll()
      .where('app_id', '=', appId)
      .where('start_confirmed_at', isStarted ? 'is not' : 'is', null)
      .orderBy('id', 'desc')
      .limit(2)
      .execute();
    if (first === undefined || second === undefined) throw new Error('there are too few entries');
    return [first, second];
  };
  const run = await deps.db
    .selectFrom('campaign_run')
    .select('id')
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  const unstarted = await deps.db
    .selectFrom('journey_entry')
    .select(['app_id', 'id as entry_id'])
    .where('start_confirmed_at', 'is', null)
    .orderBy('id')
    .limit(100)
    .execute();
  const ofBoth = { sent: await entries(true), fresh: await entries(false) };
  return { deps, sizes, ...ofBoth, unstarted, runId: run.id };
}

/** Does a path twice; the statements of the second time. */
export async function explain(
  { run }: HotPath,
  ground: Ground,
  taken: () => Explained[],
): Promise<Explained[]> {
  await run(ground, 0);
  taken();
  await run(ground, 1);
  return taken();
}
