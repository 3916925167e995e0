import { confirmStarts } from '../../../src/db/journeys/entries.ts';
import { readCarried } from '../../../src/db/outbox/carried.ts';
import { leaseOutbox } from '../../../src/db/outbox/outboxLease.ts';
import { markDirty } from '../../../src/db/people/endpoints.ts';
import { readOpenEntries } from '../../../src/db/repair/closedLook.ts';
import { readOverdue, readUnstarted } from '../../../src/db/repair/overdue.ts';
import { isStartSeenTo, nextOwners, readOwners } from '../../../src/db/repair/owners.ts';
import { countMatching, loadSegmentTree } from '../../../src/db/segments/segments.ts';
import { enterPage } from '../../../src/ingest/entering/enterPage.ts';
import { drainDirtyEndpoints } from '../../../src/ingest/entering/journeyMembership.ts';
import { catchUpWatches } from '../../../src/ingest/events/catchUpWatches.ts';
import { endpointId, scene } from '../fill.ts';

import { type HotPath, time } from './ground.ts';

const { appId, journeyId, rareJourneyId, campaignId, rareSegmentId, now } = scene;

const owners = ['journeyLife', 'campaignRun', 'importJob'] as const;

/** Who enters journeys, and what finds work that is left. */
export const entering: readonly HotPath[] = [
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
];
