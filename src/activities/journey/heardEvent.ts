import { sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import type { Entry } from '../../db/journeys/entries.ts';
import { matchesCondition } from '../../domain/event/match.ts';
import type { EventCondition } from '../../domain/journey/steps.ts';

/** The first event that fulfils a condition. */
export interface HeardEvent {
  readonly type: string;
  readonly receivedAt: Date;
}

/**
 * The first event that arrived by an instant and fulfils a condition, or null. Messages are matched by their id, never
 * by an event's own timestamp: an open carries the time of the sending.
 */
export async function heardEvent(
  tx: Tx,
  entry: Entry,
  condition: EventCondition,
  arrivedBy: Date,
): Promise<HeardEvent | null> {
  const types = [...condition.eventTypes];
  const ofType =
    condition.dimensionType === 'INCLUSIVE'
      ? sql<boolean>`event.type = any(${types}::text[])`
      : sql<boolean>`event.type <> all(${types}::text[])`;
  const events = tx
    .selectFrom('event')
    .select(['event.type', 'event.attributes', 'event.metrics', 'event.received_at'])
    .where('event.app_id', '=', entry.app_id)
    // for events of a message too: none can be older than its entry, and partitions before that are not looked at
    .where('event.received_at', '>=', entry.entered_at)
    .where('event.received_at', '<=', arrivedBy)
    .where(ofType)
    // what started the journey happened before it
    .$if(entry.event_id !== null, (query) => query.where('event.id', '<>', entry.event_id ?? ''))
    .orderBy('event.received_at');
  const rows = await (condition.messageActivity === undefined
    ? events.where('event.participant', '=', entry.participant)
    : events
        .innerJoin('message', (join) =>
          join
            .onRef('message.app_id', '=', 'event.app_id')
            .onRef('message.owner', '=', 'event.message_owner')
            .onRef('message.seq', '=', 'event.message_seq'),
        )
        .where('event.message_owner', '=', entry.id)
        .where('message.step', '=', condition.messageActivity)
  ).execute();
  const row = rows.find((event) => matchesCondition(condition, event, event.received_at));
  return row ? { type: row.type, receivedAt: row.received_at } : null;
}
