import { loadSegmentTree } from '../db/segments.ts';
import type { Deps } from '../deps.ts';
import { timeDependent } from '../domain/segment/facts.ts';
import { enterJourneyPage } from '../ingest/journeyMembership.ts';
import type { JourneyLifeActivities, JourneyTimes } from './journeyLifeActivities.ts';

interface JourneyKey {
  readonly appId: string;
  readonly journeyId: string;
}

export function createJourneyLifeActivities(deps: Deps): JourneyLifeActivities {
  return {
    openJourney: (key) => openJourney(deps, key),
    enterPage: async ({ appId, journeyId, cursor }) => {
      const page = await enterJourneyPage(deps, appId, journeyId, cursor);
      return { cursor: page.cursor, done: page.done };
    },
    closeJourney: (key) => closeJourney(deps, key),
  };
}

async function openJourney(deps: Deps, { appId, journeyId }: JourneyKey): Promise<JourneyTimes | null> {
  const journey = await deps.db
    .selectFrom('journey')
    .select(['state', 'starts_at', 'ends_at', 'segment_id', 'segment_version'])
    .where('app_id', '=', appId)
    .where('id', '=', journeyId)
    .executeTakeFirst();
  if (!journey || (journey.state !== 'ACTIVE' && journey.state !== 'PAUSED') || journey.segment_id === null)
    return null;
  const segment = await loadSegmentTree(
    deps.db,
    appId,
    journey.segment_id,
    journey.segment_version ?? undefined,
  );
  const asksAgain = segment !== null && timeDependent(segment.tree);
  return {
    startsAt: journey.starts_at?.getTime() ?? null,
    endsAt: journey.ends_at?.getTime() ?? null,
    passEveryMs: asksAgain ? deps.config.REPOINT_TIME_DEPENDENT_PASS_SECONDS * 1000 : null,
  };
}

async function closeJourney(deps: Deps, { appId, journeyId }: JourneyKey): Promise<void> {
  const now = await deps.clock.now();
  await deps.db
    .updateTable('journey')
    .set({ state: 'CLOSED', modified_at: now })
    .where('app_id', '=', appId)
    .where('id', '=', journeyId)
    .where('state', 'in', ['ACTIVE', 'PAUSED'])
    .execute();
}
