import type { Database } from '../../db/database.ts';
import type { Entry } from '../../db/journeys/entries.ts';
import type { Participant } from '../../domain/participant.ts';
import { matchWatches } from './matchWatches.ts';

/** As many events beside one entry are looked at; what lies beyond them its splits still find when they decide. */
const MOST_EVENTS = 100;

/**
 * Looks an entry's watches up once against the events of its participant that committed beside it: their transactions did
 * not see the watches, nor the entry's their events.
 */
export async function catchUpWatches(db: Database, entry: Entry, now: Date): Promise<void> {
  const watched = await db
    .selectFrom('event_watch')
    .select('id')
    .where('app_id', '=', entry.app_id)
    .where('entry_id', '=', entry.id)
    .where('message_step', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (watched === undefined) return;
  await db.transaction().execute(async (tx) => {
    const events = await tx
      .selectFrom('event')
      .selectAll()
      .where('app_id', '=', entry.app_id)
      .where('participant', '=', entry.participant)
      .where('received_at', '>=', entry.entered_at)
      .orderBy('received_at')
      .limit(MOST_EVENTS)
      .execute();
    const stored = events.map((event) => ({
      id: event.id,
      participant: event.participant as Participant,
      endpointId: event.endpoint_id,
      eventId: event.event_id ?? '',
      type: event.type,
      occurredAt: event.occurred_at,
      occurredAtText: event.occurred_at.toISOString(),
      attributes: event.attributes,
      metrics: event.metrics,
      details: event.details,
      message: null,
    }));
    await matchWatches(tx, entry.app_id, stored, now);
  });
}
