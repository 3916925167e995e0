import { type Selectable, sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import { type Entry, endEntry, lockOpenEntry, parkEntry, postponeEntry } from '../../db/journeys/entries.ts';
import { planOf } from '../../db/journeys/journeys.ts';
import type { JourneyTable } from '../../db/tables/journeys.ts';
import type { Deps } from '../../deps.ts';
import type { JourneyDocument } from '../../domain/journey/document.ts';
import { dueAfter, type Pause } from '../../domain/journey/due.ts';
import { waitsAmong } from '../../domain/journey/pass.ts';
import type { Plan } from '../../domain/journey/plan.ts';
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
  const { pauses, ...journey } = await readJourney(tx, entry);
  if (journey.state === 'CANCELLED') {
    await endEntry(tx, entry, input.step, 'CANCELLED', now);
    return { is: 'ended' };
  }
  if (journey.state === 'PAUSED') {
    await parkEntry(tx, entry, journey.epoch);
    return { is: 'parked' };
  }
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

/** Whether a step has to wait or end, in place of being done. */
export function isHold(answer: Gate | Hold): answer is Hold {
  return 'is' in answer;
}

/** The journey with its pauses, in one statement; instants of pauses are epoch milliseconds. */
async function readJourney(tx: Tx, entry: Entry): Promise<Selectable<JourneyTable> & { pauses: Pause[] }> {
  const pauses = sql<Pause[]>`(
    select coalesce(jsonb_agg(jsonb_build_object('from', extract(epoch from paused_at) * 1000,
      'to', extract(epoch from resumed_at) * 1000) order by paused_at), '[]')
    from journey_pause where app_id = journey.app_id and journey_id = journey.id)`;
  return await tx
    .selectFrom('journey')
    .selectAll()
    .select(pauses.as('pauses'))
    .where('app_id', '=', entry.app_id)
    .where('id', '=', entry.journey_id)
    .executeTakeFirstOrThrow();
}
