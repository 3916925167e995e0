import type { Tx } from '../../db/database.ts';
import { newTimeId } from '../../db/ids.ts';
import type { Entry } from '../../db/journeys/entries.ts';
import { enqueueStarts } from '../../db/journeys/entryWorkflow.ts';
import { type JourneyRow, type PlannedJourney, planOf } from '../../db/journeys/journeys.ts';
import { writeWatches } from '../../db/journeys/watches.ts';
import { type Ahead, lookAhead, openingOf } from '../../domain/journey/ahead.ts';
import { type Participant, userOf } from '../../domain/participant.ts';
import { watchesOf } from '../events/watchesOf.ts';

/** A journey that takes people in. */
export type LiveJourney = PlannedJourney &
  Pick<JourneyRow, 'app_id' | 'id' | 'entry_mode'> & {
    /** The version of its segment that is asked; null: the latest, or there is none. */
    readonly segment_version: number | null;
    /** The run that counts who enters. */
    readonly run_id: string | null;
  };

/** Somebody who matches a journey's segment, with the endpoint the entry is anchored on. */
export interface Candidate {
  readonly participant: Participant;
  readonly endpointId: string;
  /** `match:n`, `run:id` or `event:key`: nobody enters twice for one cause. */
  readonly cause: string;
  /** The event that starts it. */
  readonly eventId?: string;
}

/**
 * Enters people: an entry, its watches on events of any message, and the start of its workflow, in the caller's
 * transaction. Who is inside, or entered for the same cause, is left out by the unique indexes.
 */
export async function enterJourney(
  tx: Tx,
  journey: LiveJourney,
  candidates: readonly Candidate[],
  now: Date,
): Promise<Entry[]> {
  if (candidates.length === 0) return [];
  const plan = planOf(journey);
  const ahead = (entryId: string) => lookAhead(plan, entryId, plan.start, now.getTime());
  const open = { ended_at: null, end_reason: null, ahead };
  const entries = await insertEntries(tx, journey, candidates, open, now);
  await writeEntryWatches(tx, journey, entries, ahead);
  await enqueueStarts(tx, entries, now);
  return entries;
}

/** Notes that participants count as entered: passages that are over before they began, and have no workflow. */
export async function countAsEntered(
  tx: Tx,
  journey: LiveJourney,
  candidates: readonly Candidate[],
  now: Date,
): Promise<number> {
  if (candidates.length === 0) return 0;
  const over = { ended_at: now, end_reason: 'ALREADY_ENTERED', ahead: () => null };
  return (await insertEntries(tx, journey, candidates, over, now)).length;
}

async function insertEntries(
  tx: Tx,
  journey: LiveJourney,
  candidates: readonly Candidate[],
  state: Pick<Entry, 'ended_at' | 'end_reason'> & { readonly ahead: (entryId: string) => Ahead | null },
  now: Date,
): Promise<Entry[]> {
  const { ahead, ...fate } = state;
  const entries = candidates.map((candidate) => {
    const id = newTimeId(now);
    return { ...candidate, id, first: ahead(id) };
  });
  return await tx
    .insertInto('journey_entry')
    .values(
      entries.map((candidate) => ({
        app_id: journey.app_id,
        id: candidate.id,
        journey_id: journey.id,
        endpoint_id: candidate.endpointId,
        participant: candidate.participant,
        user_id: userOf(candidate.participant),
        cause: candidate.cause,
        run_id: journey.run_id,
        segment_version: journey.segment_version,
        event_id: candidate.eventId ?? null,
        entered_at: now,
        start_confirmed_at: null,
        position: null,
        next_step: candidate.first?.step ?? null,
        wake_at: candidate.first && new Date(candidate.first.wakesAt),
        parked_epoch: null,
        ...fate,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .execute();
}

/** Watches on the participant's events of any kind; those on a message are written before that message leaves. */
async function writeEntryWatches(
  tx: Tx,
  journey: LiveJourney,
  entries: readonly Entry[],
  ahead: (entryId: string) => Ahead,
): Promise<void> {
  const watches = watchesOf(journey, null);
  if (watches.length === 0) return;
  const watched = entries.map((entry) => ({ entry, watches, opens: openingOf(ahead(entry.id)) }));
  await writeWatches(tx, journey.app_id, watched);
}
