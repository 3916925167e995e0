import { sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import { type Entry, endEntry } from '../../db/journeys/entries.ts';
import { wakeEntry } from '../../db/journeys/entryWorkflow.ts';
import { markDirty } from '../../db/people/endpoints.ts';
import { lockParticipants } from '../../db/people/participantLocks.ts';
import { type Participant, participantOf, userOf } from '../../domain/participant.ts';

/** An endpoint that signed in, signed out or changed its user. */
export interface IdentityChange {
  readonly appId: string;
  readonly endpointId: string;
  readonly from: Participant;
  readonly to: Participant;
}

/**
 * Moves endpoints' open entries and their watches to their new participants, in the transaction of the change, while
 * nobody enters these. Where the new participant is inside the same journey already, the newer of the two entries ends
 * (DUPLICATE_USER).
 */
export async function rekeyParticipants(
  tx: Tx,
  appId: string,
  changes: readonly IdentityChange[],
  now: Date,
): Promise<void> {
  const participants = changes.flatMap(({ from, to }) => [from, to]);
  await lockParticipants(tx, appId, participants);
  for (const change of changes) await rekey(tx, change, now);
}

async function rekey(tx: Tx, change: IdentityChange, now: Date): Promise<void> {
  const moving = await entriesInside(tx, change.appId, change.from, change.endpointId);
  const inside = await entriesInside(tx, change.appId, change.to);
  for (const entry of moving) {
    const other = inside.find((candidate) => candidate.journey_id === entry.journey_id);
    if (other) await endNewer(tx, entry, other, now);
    // an entry that ends here still moves, for it is this participant's passage from now on
    if (!other || entry.id < other.id) await moveEntryTo(tx, entry, change.to);
  }
  await markOthersDirty(tx, change);
}

async function entriesInside(
  tx: Tx,
  appId: string,
  participant: Participant,
  endpointId?: string,
): Promise<Entry[]> {
  const entries = tx
    .selectFrom('journey_entry')
    .selectAll()
    .where('app_id', '=', appId)
    .where('participant', '=', participant)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .forUpdate();
  return await (endpointId === undefined ? entries : entries.where('endpoint_id', '=', endpointId)).execute();
}

/** Entry ids are uuid v7: the greater one is the newer. */
async function endNewer(tx: Tx, one: Entry, other: Entry, now: Date): Promise<void> {
  const newer = one.id > other.id ? one : other;
  await endEntry(tx, newer, newer.position, 'DUPLICATE_USER', now);
  await wakeEntry(tx, newer, now, now);
}

async function moveEntryTo(tx: Tx, entry: Entry, to: Participant): Promise<void> {
  // A cause names one entry of a participant: the new one may have used the same word before.
  await tx
    .updateTable('journey_entry')
    .set({ participant: to, user_id: userOf(to), cause: sql<string>`cause || ' ' || id::text` })
    .where('app_id', '=', entry.app_id)
    .where('id', '=', entry.id)
    .execute();
  await tx
    .updateTable('event_watch')
    .set({ participant: to })
    .where('app_id', '=', entry.app_id)
    .where('entry_id', '=', entry.id)
    .execute();
}

/** Those the endpoint leaves behind may match without it what they did not, and the other way round. */
async function markOthersDirty(tx: Tx, { appId, from }: IdentityChange): Promise<void> {
  const userId = userOf(from);
  if (userId !== null) await markDirty(tx, appId, [], [userId]);
}

/** Whom endpoints stand for, by endpoint id; one that is gone is nobody's. */
export async function participantsAt(
  tx: Tx,
  appId: string,
  endpointIds: readonly string[],
): Promise<Map<string, Participant>> {
  const rows = await tx
    .selectFrom('endpoint')
    .select(['id', 'user_id as userId'])
    .where('app_id', '=', appId)
    .where('id', '=', sql<string>`any(${[...new Set(endpointIds)]}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, participantOf(row)]));
}
