import { sql } from 'kysely';
import type { Participant } from '../../domain/participant.ts';
import type { Tx } from '../database.ts';

/** Participants share this many locks, so that however many are held they fit into the server's lock table. */
const LOCKS = 2048;

/**
 * Keeps everyone else from judging how participants stand, or moving or erasing them, until the transaction ends. Who
 * judges reads their endpoints after this: of two who judge the same person, the later one has seen what the earlier did,
 * and nothing older than it saw. Taken after the journeys' locks (`journeyLocks.ts`) where both are.
 */
export async function lockParticipants(
  tx: Tx,
  appId: string,
  participants: readonly Participant[],
): Promise<void> {
  if (participants.length === 0) return;
  await sql`select pg_advisory_xact_lock(hashtext('participant'), lock) from (
    select distinct ${lockOf(appId)} as lock from unnest(${[...participants]}::text[]) as given(participant)
    order by lock offset 0) as locks`.execute(tx);
}

/** The same without waiting. @returns those of whom nobody else holds the lock */
export async function tryParticipants(
  tx: Tx,
  appId: string,
  participants: readonly Participant[],
): Promise<Set<Participant>> {
  if (participants.length === 0) return new Set();
  const rows = await sql<{ participant: Participant }>`
    select participant from unnest(${[...participants]}::text[]) as given(participant)
    where pg_try_advisory_xact_lock(hashtext('participant'), ${lockOf(appId)})`.execute(tx);
  return new Set(rows.rows.map((row) => row.participant));
}

function lockOf(appId: string) {
  return sql`hashtext(${`${appId}/`}::text || participant) & ${sql.lit(LOCKS - 1)}`;
}
