import { createHash } from 'node:crypto';
import type { Tx } from '../../db/database.ts';
import { countForRun } from '../../db/journeys/journeyRuns.ts';
import { loadSegmentTree } from '../../db/segments/segments.ts';
import { matchesCondition } from '../../domain/event/match.ts';
import { entryEventOf, entrySegmentOf } from '../../domain/journey/entryEvent.ts';
import { type Participant, participantOf } from '../../domain/participant.ts';
import { everyone, nobody } from '../../domain/segment/tree.ts';
import type { StoredEvent } from '../events/event.ts';
import { considerEntries } from './considerEntries.ts';
import type { Candidate, LiveJourney } from './enterJourney.ts';
import { readSeen } from './segmentPage.ts';
import { type Seen, type Standing, standingsOf } from './standing.ts';
import { add, type Tally, tallyConsidered } from './tally.ts';

/**
 * Enters the participants of events into those of the journeys that such events start, in the events' own transaction. Of several
 * such events of one participant at once, the first starts the journey.
 */
export async function enterByEvents(
  tx: Tx,
  journeys: readonly LiveJourney[],
  events: readonly StoredEvent[],
  now: Date,
): Promise<void> {
  for (const journey of journeys) {
    const condition = entryEventOf(journey.document);
    const starting = events.filter((event) => condition && matchesCondition(condition, event, now));
    if (starting.length > 0) await enterOne(tx, journey, starting, now);
  }
}

async function enterOne(
  tx: Tx,
  journey: LiveJourney,
  events: readonly StoredEvent[],
  now: Date,
): Promise<void> {
  const participants = [...new Set(events.map((event) => event.participant))];
  const { seen, version } = await seenOf(tx, journey, participants, now);
  const standings = new Map(standingsOf(seen).map((standing) => [standing.participant, standing]));
  const asked = { ...journey, segment_version: version };
  const firsts = new Map(events.toReversed().map((event) => [event.participant, event]));
  const candidates = [...standings.values()].flatMap((standing) =>
    candidateOf(standing, firsts.get(standing.participant)),
  );
  const verdicts = await considerEntries(tx, asked, candidates, now);
  const tally: Tally = new Map();
  for (const event of events) {
    const standing = standings.get(event.participant);
    if (standing === undefined) continue;
    const verdict = verdicts.get(event.participant);
    const isRepeat = verdict === null && firsts.get(event.participant) !== event;
    tallyConsidered(tally, standing, isRepeat ? 'ACTIVE_ENDPOINT_REJECTED' : verdict);
    countFiltered(tally, seen, event.participant, standing);
  }
  if (journey.run_id !== null) await countForRun(tx, journey.app_id, journey.run_id, tally);
}

/** All endpoints of participants, and whether each is in the segment that the journey is for. */
async function seenOf(
  tx: Tx,
  journey: LiveJourney,
  participants: readonly Participant[],
  now: Date,
): Promise<{ readonly seen: readonly Seen[]; readonly version: number | null }> {
  const segmentId = entrySegmentOf(journey.document)?.id;
  const segment =
    segmentId === undefined
      ? null
      : await loadSegmentTree(tx, journey.app_id, segmentId, journey.segment_version);
  const tree = segment?.tree ?? (segmentId === undefined ? everyone : nobody);
  const seen = await readSeen(tx, { appId: journey.app_id, tree, now }, participants);
  return { seen, version: segment?.version ?? null };
}

/** The endpoint of the event is the anchor where it may be. */
function candidateOf({ participant, eligible }: Standing, event: StoredEvent | undefined): Candidate[] {
  const endpointId = eligible.find((id) => id === event?.endpointId) ?? eligible[0];
  if (event === undefined || endpointId === undefined) return [];
  return [{ participant, endpointId, cause: causeOf(event), eventId: event.id }];
}

/** What makes an event unique, short enough for an index. */
function causeOf({ endpointId, eventId, type, occurredAtText }: StoredEvent): string {
  const key = JSON.stringify([endpointId, eventId, type, occurredAtText]);
  return `event:${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

/** Somebody whose event would have started the journey, were they in its segment. */
function countFiltered(
  tally: Tally,
  seen: readonly Seen[],
  participant: Participant,
  { matching }: Standing,
): void {
  if (matching) return;
  const endpoints = seen.filter(({ id, user_id: userId }) => participant === participantOf({ id, userId }));
  add(tally, 'ENDPOINT_PRODUCED', endpoints.length);
  add(tally, 'FILTERED_OUT_BY_SEGMENT', endpoints.length);
}
