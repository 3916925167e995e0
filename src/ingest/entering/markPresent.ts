import type { Tx } from '../../db/database.ts';
import { writeMembers } from '../../db/journeys/journeyMembers.ts';
import { countForRun } from '../../db/journeys/journeyRuns.ts';
import type { SegmentTree } from '../../domain/segment/tree.ts';
import { type Candidate, countAsEntered, type LiveJourney } from './enterJourney.ts';
import { readSeen, readSegmentPage } from './segmentPage.ts';
import { type Seen, standingsOf } from './standing.ts';

/**
 * Has everyone who matches a journey's segment now count as entered, opted out or not: nobody gets anything, and whoever
 * comes to match later enters. Page by page, in the publication's own transaction, so that "now" is one moment.
 * @returns how many participants
 */
export async function markPresent(
  tx: Tx,
  journey: LiveJourney,
  tree: SegmentTree,
  now: Date,
): Promise<number> {
  const key = { appId: journey.app_id, journeyId: journey.id };
  let marked = 0;
  for (let after: string | null = ''; after !== null; ) {
    const segment = { appId: journey.app_id, tree, now };
    const page = await readSegmentPage(tx, { ...segment, after });
    const candidates = candidatesOf(journey, await readSeen(tx, segment, page.participants));
    const members = candidates.map(({ participant }) => ({
      participant,
      matching: true,
      refused: null,
      decides: true,
    }));
    await writeMembers(tx, key, members, now);
    marked += await countAsEntered(tx, journey, candidates, now);
    after = page.end;
  }
  if (journey.run_id !== null)
    await countForRun(tx, journey.app_id, journey.run_id, new Map([['ALREADY_ENTERED', marked]]));
  return marked;
}

function candidatesOf(journey: LiveJourney, seen: readonly Seen[]): Candidate[] {
  const matching = seen.filter((endpoint) => endpoint.matches);
  const anchors = new Map(
    matching.map((endpoint) => [endpoint.user_id ?? `e:${endpoint.id}`, endpoint.id] as const),
  );
  const cause = journey.entry_mode === 'original' ? `run:${journey.run_id}` : 'match:1';
  return standingsOf(matching).map(({ participant }) => {
    const id = participant.slice(2);
    const endpointId = participant.startsWith('u:') ? (anchors.get(id) ?? id) : id;
    return { participant, endpointId, cause };
  });
}
