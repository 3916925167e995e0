import type { Selectable } from 'kysely';
import type { Tx } from '../db/database.ts';
import { type Entry, endEntry, lockOpenEntry, parkEntry, postponeEntry } from '../db/entries.ts';
import { shareJourneys } from '../db/journeyLocks.ts';
import { planOf } from '../db/journeys.ts';
import type { JourneyTable } from '../db/tables/journeys.ts';
import type { Deps } from '../deps.ts';
import type { JourneyDocument } from '../domain/journey/document.ts';
import { dueAfter, type Pause } from '../domain/journey/due.ts';
import { waitsAmong } from '../domain/journey/pass.ts';
import type { Plan } from '../domain/journey/plan.ts';
import type { Hold, StepInput } from './journeyActivities.ts';

/** What a step knows once it may act. */
export interface Gate {
  readonly entry: Entry;
  readonly journey: Selectable<JourneyTable>;
  readonly document: JourneyDocument;
  readonly plan: Plan;
  readonly pauses: readonly Pause[];
}

/**
 * The door every step goes through, in its own transaction: is the entry still open, the journey still running, and
 * have the waits before the step really passed? The journey is kept as it is until we commit: a pause or a cancel that
 * has returned is seen, and one that comes waits for us.
 */
export async function passGate(tx: Tx, input: StepInput, now: Date): Promise<Gate | Hold> {
  const entry = await lockOpenEntry(tx, input.appId, input.entryId);
  if (!entry) return { is: 'ended' };
  await shareJourneys(tx, entry.app_id, [entry.journey_id]);
  const journey = await tx
    .selectFrom('journey')
    .selectAll()
    .where('app_id', '=', entry.app_id)
    .where('id', '=', entry.journey_id)
    .executeTakeFirstOrThrow();
  if (journey.state === 'CANCELLED') {
    await endEntry(tx, entry, input.step, 'CANCELLED', now);
    return { is: 'ended' };
  }
  if (journey.state === 'PAUSED') {
    await parkEntry(tx, entry, journey.epoch);
    return { is: 'parked' };
  }
  const pauses = await readPauses(tx, entry);
  const due = dueAfter(input.since, waitsAmong(input.waits), pauses);
  // A pause whose end is not written yet, in a journey that runs: its resume commits in between and wakes us.
  if (due === null) return await waitUntil(tx, entry, now.getTime() + 1000);
  if (due > now.getTime()) return await waitUntil(tx, entry, due);
  const document = journey.document;
  return { entry, journey, document, plan: planOf(journey), pauses };
}

/** The answer "ask again at this instant" (epoch milliseconds), and the record of it. */
export async function waitUntil(tx: Tx, entry: Entry, until: number): Promise<Hold> {
  await postponeEntry(tx, entry, new Date(until));
  return { is: 'wait', until };
}

/** Logical time for a step: the later of this process's clock and the workflow's. */
export async function stepTime(deps: Deps, input: StepInput): Promise<Date> {
  const own = await deps.clock.now();
  return own.getTime() >= input.now ? own : new Date(input.now);
}

export function isHold(answer: Gate | Hold): answer is Hold {
  return 'is' in answer;
}

async function readPauses(tx: Tx, entry: Entry): Promise<Pause[]> {
  const rows = await tx
    .selectFrom('journey_pause')
    .select(['paused_at', 'resumed_at'])
    .where('app_id', '=', entry.app_id)
    .where('journey_id', '=', entry.journey_id)
    .orderBy('paused_at')
    .execute();
  return rows.map((row) => ({ from: row.paused_at.getTime(), to: row.resumed_at?.getTime() ?? null }));
}
