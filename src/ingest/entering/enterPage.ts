import type { Tx } from '../../db/database.ts';
import {
  type JourneyKey,
  type JourneyRun,
  lockCurrentRun,
  updateRun,
} from '../../db/journeys/journeyRuns.ts';
import { lockParticipants } from '../../db/people/participantLocks.ts';
import { loadSegmentTree } from '../../db/segments/segments.ts';
import type { Deps } from '../../deps.ts';
import { refreshEvery } from '../../domain/journey/entryRules.ts';
import type { SegmentTree } from '../../domain/segment/tree.ts';
import { type SegmentJourney, segmentJourney } from './liveJourneys.ts';
import { applyMembership } from './membership.ts';
import { readSeen, readSegmentPage } from './segmentPage.ts';
import type { Seen } from './standing.ts';

/**
 * Enters the next page of a journey's current pass over its segment, and notes who has ceased to match. Where the pass
 * stands is in the run, moved on in the same transaction: killed at any moment and repeated, it leaves nobody out and
 * takes nobody twice.
 * @returns how many entered; null when there is no pass to go on with
 */
export async function enterPage(deps: Pick<Deps, 'clock' | 'db'>, key: JourneyKey): Promise<number | null> {
  const now = await deps.clock.now();
  return await deps.db.transaction().execute(async (tx) => {
    const journey = await segmentJourney(tx, key.appId, key.journeyId, now);
    const run = journey && (await lockCurrentRun(tx, key));
    if (!journey || !run || run.pass_done_at !== null) return null;
    // a segment that was deleted has no members; who is inside goes on
    const segment = await loadSegmentTree(tx, key.appId, journey.segment_id, run.segment_version);
    const { seen, end } = segment ? await nextOf(tx, journey, run, segment.tree, now) : nobody;
    const asked = { ...journey, segment_version: segment?.version ?? null, run_id: run.id };
    const entered = await applyMembership(tx, asked, seen, occasionOf(run), now);
    const done = { pass_done_at: now, passes_done: run.passes_done + 1 };
    await updateRun(tx, run, { ...(end === null ? done : { position: end }), updated_at: now });
    return entered;
  });
}

interface Next {
  readonly seen: readonly Seen[];
  readonly end: string | null;
}

const nobody: Next = { seen: [], end: null };

/** The participants of a page, read once nobody else judges them. */
async function nextOf(
  tx: Tx,
  journey: SegmentJourney,
  run: JourneyRun,
  tree: SegmentTree,
  now: Date,
): Promise<Next> {
  const createdBy = isFrozen(journey) ? (run.started_at ?? undefined) : undefined;
  const segment = { appId: journey.app_id, tree, now, createdBy };
  const page = await readSegmentPage(tx, { ...segment, after: run.position, notedFor: journey.id });
  await lockParticipants(tx, journey.app_id, page.participants);
  return { seen: await readSeen(tx, segment, page.participants), end: page.end };
}

/** A refresh considers everyone once; all other passes only who is news. */
function occasionOf(run: JourneyRun): 'news' | 'everyone' {
  return run.no > 0 && run.passes_done === 0 ? 'everyone' : 'news';
}

/** Whether the membership is that of the start, whoever comes later. */
function isFrozen({ entry_mode, document, time_scale }: SegmentJourney): boolean {
  return entry_mode === 'original' && refreshEvery(document, time_scale) === null;
}
