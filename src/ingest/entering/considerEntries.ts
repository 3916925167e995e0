import { sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import {
  entryRules,
  type PastEntries,
  type ReentryRefusal,
  refuseReentry,
} from '../../domain/journey/entryRules.ts';
import type { Participant } from '../../domain/participant.ts';
import { type Candidate, enterJourney, type LiveJourney } from './enterJourney.ts';

/** What became of each candidate: null entered. */
export type Verdicts = ReadonlyMap<Participant, ReentryRefusal | null>;

/**
 * Enters those candidates, one of each participant, whom the journey's rules of re-entry let in. The unique indexes have
 * the last word: of two transactions that let somebody in at once, one finds them inside.
 */
export async function considerEntries(
  tx: Tx,
  journey: LiveJourney,
  candidates: readonly Candidate[],
  now: Date,
): Promise<Verdicts> {
  if (candidates.length === 0) return new Map();
  const rules = entryRules(journey.document, journey.time_scale);
  const past = await pastEntries(tx, journey, candidates);
  const verdicts = new Map<Participant, ReentryRefusal | null>();
  for (const { participant } of candidates) {
    const entries = past.get(participant) ?? never;
    verdicts.set(participant, refuseReentry(rules, entries, now.getTime()));
  }
  const admitted = candidates.filter(({ participant }) => verdicts.get(participant) === null);
  const entered = await enterJourney(tx, journey, admitted, now);
  const inside = new Set(entered.map((entry) => entry.participant));
  for (const { participant } of admitted)
    if (!inside.has(participant)) verdicts.set(participant, 'ACTIVE_ENDPOINT_REJECTED');
  return verdicts;
}

const never: PastEntries = { count: 0, isInside: false, leftAt: null };

async function pastEntries(
  tx: Tx,
  journey: LiveJourney,
  candidates: readonly Candidate[],
): Promise<Map<Participant, PastEntries>> {
  const participants = candidates.map(({ participant }) => participant);
  const rows = await tx
    .selectFrom('journey_entry')
    .select(['participant', (eb) => eb.fn.countAll<string>().as('count')])
    .select((eb) => eb.fn.max<Date | null>('ended_at').as('left_at'))
    .select(sql<boolean>`bool_or(ended_at is null)`.as('is_inside'))
    .where('app_id', '=', journey.app_id)
    .where('journey_id', '=', journey.id)
    .where('participant', '=', sql<string>`any(${participants}::text[])`)
    .groupBy('participant')
    .execute();
  return new Map(
    rows.map((row) => [
      row.participant as Participant,
      { count: Number(row.count), isInside: row.is_inside, leftAt: row.left_at?.getTime() ?? null },
    ]),
  );
}
