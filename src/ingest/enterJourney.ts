import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { type Entry, journeyWorkflowId } from '../db/entries.ts';
import { newTimeId } from '../db/ids.ts';
import { type JourneyRow, type PlannedJourney, planOf } from '../db/journeys.ts';
import { enqueue } from '../db/outbox.ts';
import { writeWatches } from '../db/watches.ts';
import { lookAhead } from '../domain/journey/ahead.ts';
import type { Participant } from '../domain/participant.ts';
import { watchesOf } from './watchesOf.ts';

/** A journey that takes people in. */
export type LiveJourney = PlannedJourney & Pick<JourneyRow, 'app_id' | 'id'>;

/** Somebody who matches a journey's segment, with the endpoint the entry is anchored on. */
export interface Candidate {
  readonly participant: Participant;
  readonly endpointId: string;
  /** `match:n`, `run:id` or `event:key`: nobody enters twice for one cause. */
  readonly cause: string;
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
  const entries = await tx
    .insertInto('journey_entry')
    .values(
      candidates.map((candidate) => ({
        app_id: journey.app_id,
        id: newTimeId(now),
        journey_id: journey.id,
        endpoint_id: candidate.endpointId,
        participant: candidate.participant,
        user_id: candidate.participant.startsWith('u:') ? candidate.participant.slice(2) : null,
        cause: candidate.cause,
        entered_at: now,
        start_confirmed_at: null,
        position: null,
        wake_at: now,
        parked_epoch: null,
        ended_at: null,
        end_reason: null,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .execute();
  await writeEntryWatches(tx, journey, entries, now);
  const starts = entries.map((entry) => ({
    kind: 'enter' as const,
    appId: entry.app_id,
    entryId: entry.id,
    workflowId: journeyWorkflowId(entry),
    notBefore: now,
  }));
  await enqueue(tx, starts, now);
  return entries;
}

/** Watches on the participant's events of any kind; those on a message are written before that message leaves. */
async function writeEntryWatches(
  tx: Tx,
  journey: LiveJourney,
  entries: readonly Entry[],
  now: Date,
): Promise<void> {
  const watches = watchesOf(journey, null);
  if (watches.length === 0) return;
  const plan = planOf(journey);
  for (const entry of entries) {
    const ahead = lookAhead(plan, entry.id, plan.start, now.getTime());
    const opens =
      ahead.isSplit && ahead.step !== undefined ? { split: ahead.step, at: new Date(ahead.at) } : null;
    await writeWatches(tx, entry, watches, opens);
  }
}

/** The participants among these who never entered a journey. */
export async function neverEntered(
  tx: Tx,
  journey: LiveJourney,
  participants: readonly Participant[],
): Promise<ReadonlySet<Participant>> {
  const entered = await tx
    .selectFrom('journey_entry')
    .select('participant')
    .distinct()
    .where('app_id', '=', journey.app_id)
    .where('journey_id', '=', journey.id)
    .where('participant', '=', sql<string>`any(${[...participants]}::text[])`)
    .execute();
  const inside = new Set(entered.map((row) => row.participant));
  return new Set(participants.filter((participant) => !inside.has(participant)));
}
