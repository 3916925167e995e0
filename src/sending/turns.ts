import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** Whose rate it is, and how many messages may leave in one second. */
export interface Paced {
  readonly appId: string;
  readonly journeyId: string;
  readonly perSecond: number;
}

/** Turns to send, shared by all workers through Postgres. */
export interface Turns {
  /** The next turns of a journey: the instants (logical time) from which so many messages may leave, earliest first. */
  take(paced: Paced, count: number, now: Date): Promise<Date[]>;
}

const SECOND_MS = 1000;
/** A worker takes the turns of a twentieth of a second at once: at 10,000 a second, 20 statements. */
const SLICES_PER_SECOND = 20;

/**
 * No more than `perSecond` turns fall into one second of the clock, whoever asks for them; within their second they may be
 * used at once. What a worker took and did not use in its second is given up.
 */
export function createTurns(db: Database): Turns {
  const slices = new Map<string, Promise<Date[]>>();
  return {
    take: async (paced, count, now) => {
      const key = `${paced.appId} ${paced.journeyId}`;
      // one after another, so that those who ask at the same moment share a slice
      const taking = takeFrom(db, slices.get(key) ?? Promise.resolve([]), { paced, count, now });
      const rest = taking.then((turns) => turns.slice(count)).catch(() => []);
      slices.set(key, rest);
      const turns = await taking;
      if ((await rest).length === 0 && slices.get(key) === rest) slices.delete(key);
      return turns.slice(0, count);
    },
  };
}

interface Wanted {
  readonly paced: Paced;
  readonly count: number;
  readonly now: Date;
}

/** What is left of a worker's slice, and a new one where that is not enough. */
async function takeFrom(
  db: Database,
  slice: Promise<Date[]>,
  { paced, count, now }: Wanted,
): Promise<Date[]> {
  const kept = (await slice).filter((turn) => turn >= secondOf(now));
  if (kept.length >= count) return kept;
  const more = Math.max(count - kept.length, Math.ceil(paced.perSecond / SLICES_PER_SECOND));
  return [...kept, ...(await lease(db, paced, more, now))];
}

/** Turns are numbered from 1970, `perSecond` to the second: the number tells the second, without any rounding. */
async function lease(db: Database, paced: Paced, count: number, now: Date): Promise<Date[]> {
  const { appId, journeyId, perSecond } = paced;
  const first = Math.floor(now.getTime() / SECOND_MS) * perSecond;
  const { next_turn } = await db
    .insertInto('journey_pace')
    .values({ app_id: appId, journey_id: journeyId, next_turn: first + count })
    .onConflict((conflict) =>
      conflict.columns(['app_id', 'journey_id']).doUpdateSet({
        next_turn: sql<string>`greatest(journey_pace.next_turn, ${first}::bigint) + ${count}::bigint`,
      }),
    )
    .returning('next_turn')
    .executeTakeFirstOrThrow();
  const taken = Number(next_turn) - count;
  return Array.from(
    { length: count },
    (_, index) => new Date(Math.floor((taken + index) / perSecond) * SECOND_MS),
  );
}

function secondOf(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / SECOND_MS) * SECOND_MS);
}
