import { sql } from 'kysely';
import type { Queryable } from '../database.ts';

/** How many are on their way to one step of a journey. Times are UTC. */
export interface Position {
  /** The step that acts next, behind any waits; null: only waits are left before the end. */
  readonly Step: string | null;
  readonly Participants: number;
  /** Of these, how many a pause holds. */
  readonly Parked: number;
  /** When the first and the last of them look again by themselves; null when a pause holds them all. */
  readonly NextWakesAt: Date | null;
  readonly LastWakesAt: Date | null;
}

/** Where the participants of a journey are now, the most frequented step first. */
export async function readPositions(db: Queryable, appId: string, journeyId: string): Promise<Position[]> {
  const rows = await db
    .selectFrom('journey_entry')
    .select((eb) => [
      'next_step',
      eb.fn.countAll<string>().as('participants'),
      eb.fn.count<string>('parked_epoch').as('parked'),
      sql<Date | null>`min(wake_at) filter (where parked_epoch is null)`.as('next'),
      sql<Date | null>`max(wake_at) filter (where parked_epoch is null)`.as('last'),
    ])
    .where('app_id', '=', appId)
    .where('journey_id', '=', journeyId)
    .where('ended_at', 'is', null)
    .groupBy('next_step')
    .orderBy('participants', 'desc')
    .orderBy('next_step')
    .execute();
  return rows.map((row) => ({
    Step: row.next_step,
    Participants: Number(row.participants),
    Parked: Number(row.parked),
    NextWakesAt: row.next,
    LastWakesAt: row.last,
  }));
}
