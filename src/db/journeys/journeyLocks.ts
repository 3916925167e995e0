import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database.ts';

/**
 * Keeps journeys as they are until the transaction ends, beside others who do: whoever reads a journey's state and acts
 * on it does this first. Before any row of a watch, an entry or a message is locked that an event or a step may hold.
 */
export async function shareJourneys(tx: Tx, appId: string, journeyIds: readonly string[]): Promise<void> {
  await lock(tx, sql`pg_advisory_xact_lock_shared`, appId, journeyIds);
}

/** The same lock of one journey, called within a statement that locks other things before it. */
export function sharedJourney(
  appId: RawBuilder<unknown>,
  journeyId: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`pg_advisory_xact_lock_shared(hashtextextended('journey/' || ${appId} || '/' || ${journeyId}, 0))`;
}

/**
 * Keeps everyone from acting on journeys until the transaction ends; whoever changes a journey's state does this first. A
 * lock of the row alone would never be had while steps go on: Postgres lets readers pass a writer that waits for a row,
 * and not one that waits here.
 */
export async function holdJourneys(tx: Tx, appId: string, journeyIds: readonly string[]): Promise<void> {
  await lock(tx, sql`pg_advisory_xact_lock`, appId, journeyIds);
}

/** In one order, so that two who lock several never wait for each other in a circle. */
async function lock(
  tx: Tx,
  how: RawBuilder<unknown>,
  appId: string,
  journeyIds: readonly string[],
): Promise<void> {
  const keys = [...journeyIds].sort().map((id) => `journey/${appId}/${id}`);
  if (keys.length === 0) return;
  await sql`select ${how}(hashtextextended(key, 0)) from unnest(${keys}::text[]) as key`.execute(tx);
}
