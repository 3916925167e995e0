import { claimChunk } from '../../../src/activities/campaign/campaignChunk.ts';
import { claimStep } from '../../../src/activities/journey/claimStep.ts';
import { decide } from '../../../src/activities/journey/decide.ts';
import { receivedBefore } from '../../../src/db/campaigns/campaignHistory.ts';
import { readMembers } from '../../../src/db/campaigns/campaignMembers.ts';
import { newTimeId } from '../../../src/db/ids.ts';
import type { Entry } from '../../../src/db/journeys/entries.ts';
import { customAnswers, startingEvent } from '../../../src/db/journeys/passageEvents.ts';
import { targetsByEndpoint, targetsByUser } from '../../../src/db/people/sendTargets.ts';
import { loadSegmentTree } from '../../../src/db/segments/segments.ts';
import { defaultTreatment } from '../../../src/domain/campaign/treatment.ts';
import { settleLeftovers } from '../../../src/sending/campaignLeftovers.ts';
import { claimNew } from '../../../src/sending/claim.ts';
import type { MessageOwner, Recipient } from '../../../src/sending/ledger.ts';
import { untilNoCall } from '../../../src/sending/liveCalls.ts';
import { recordOutcomes } from '../../../src/sending/recordOutcomes.ts';
import { endpointId, scene, userId } from '../fill.ts';

import { type HotPath, inTransaction, someIds, time } from './ground.ts';

const { appId, journeyId, campaignId, rareSegmentId, now } = scene;

/** May leave at once. */
const leave = { permit: { slots: [0], refused: null }, as: 'marketing', turns: [] } as const;
const slots = new Map([['EMAIL', 25]] as const);

const stepOf = (entry: Entry, step: string) => ({
  appId,
  entryId: entry.id,
  step,
  since: entry.entered_at.getTime(),
  waits: [],
  now: now.getTime(),
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

/** No run's id: every run is an earlier one. */
const newest = 'ffffffff-ffff-7fff-bfff-ffffffffffff';

/** Steps, decisions and messages. */
export const sending: readonly HotPath[] = [
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
];
