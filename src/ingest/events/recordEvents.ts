import type { Tx } from '../../db/database.ts';
import { json } from '../../db/database.ts';
import { newTimeId } from '../../db/ids.ts';
import { streamFacts } from '../../db/streams/streamRecords.ts';
import { participantOf } from '../../domain/participant.ts';
import { participantsAt } from '../endpoints/participants.ts';
import { enterByEvents } from '../entering/enterByEvents.ts';
import { journeysStartedBy } from '../entering/liveJourneys.ts';
import type { IncomingEvent, StoredEvent } from './event.ts';
import { eventMessages } from './eventMessages.ts';
import { matchWatches } from './matchWatches.ts';

/**
 * Stores events, starts the journeys they start, matches them against the watches of open splits and writes the wakes, all
 * in the caller's transaction. One that came before is left out, so a repeat changes nothing.
 * @param stepOf the entry whose own step, still under way, brings the events: it is not woken, it looks when it goes on
 */
export async function recordEvents(
  tx: Tx,
  appId: string,
  events: readonly IncomingEvent[],
  now: Date,
  stepOf?: string,
): Promise<void> {
  const fresh = await keepUnseen(tx, appId, events, now);
  if (fresh.length === 0) return;
  const participants = await participantsAt(
    tx,
    appId,
    fresh.map((event) => event.endpointId),
  );
  const messages = await eventMessages(tx, appId, fresh);
  const stored = fresh.map((event) => ({
    ...event,
    id: newTimeId(now),
    participant: participants.get(event.endpointId) ?? participantOf({ id: event.endpointId, userId: null }),
    message: messages.get(event) ?? null,
  }));
  await storeEvents(tx, appId, stored, now);
  await streamEvents(tx, appId, stored, now);
  // found, and so locked, before any watch is, as steps do
  const started = await journeysStartedBy(
    tx,
    appId,
    fresh.map((event) => event.type),
    now,
  );
  // first, so that an event counts for the splits of a journey which another one beside it starts
  await enterByEvents(tx, started, stored, now);
  await matchWatches(tx, appId, stored, now, stepOf);
}

async function keepUnseen(
  tx: Tx,
  appId: string,
  events: readonly IncomingEvent[],
  now: Date,
): Promise<IncomingEvent[]> {
  const byKey = new Map(
    events.map((event) => [keyOf(event.endpointId, event.eventId, event.type, event.occurredAtText), event]),
  );
  if (byKey.size === 0) return [];
  // in one order everywhere, so that two callers who bring the same events do not wait for each other in a circle
  const sorted = [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  const inserted = await tx
    .insertInto('event_key')
    .values(
      sorted.map(([, event]) => ({
        app_id: appId,
        endpoint_id: event.endpointId,
        event_id: event.eventId,
        type: event.type,
        occurred_at: event.occurredAtText,
        received_at: now,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning(['endpoint_id', 'event_id', 'type', 'occurred_at'])
    .execute();
  const fresh = new Set(
    inserted.map((row) => keyOf(row.endpoint_id, row.event_id, row.type, row.occurred_at)),
  );
  return sorted.filter(([key]) => fresh.has(key)).map(([, event]) => event);
}

function keyOf(...parts: string[]): string {
  return JSON.stringify(parts);
}

async function storeEvents(tx: Tx, appId: string, events: readonly StoredEvent[], now: Date): Promise<void> {
  await tx
    .insertInto('event')
    .values(
      events.map((event) => ({
        app_id: appId,
        id: event.id,
        endpoint_id: event.endpointId,
        participant: event.participant,
        type: event.type,
        event_id: event.eventId,
        occurred_at: event.occurredAt,
        received_at: now,
        attributes: json(event.attributes),
        metrics: json(event.metrics),
        details: json(event.details),
        message_owner: event.message?.owner ?? null,
        message_seq: event.message?.seq ?? null,
      })),
    )
    .execute();
}

/** In the order in which they happened: that of their ids means nothing. */
async function streamEvents(tx: Tx, appId: string, events: readonly StoredEvent[], now: Date): Promise<void> {
  const inOrder = [...events].sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
  const facts = inOrder.map(({ endpointId, id, streamed }) => {
    return { endpointId, kind: 'event', subject: id, detail: streamed ?? {} } as const;
  });
  await streamFacts(tx, appId, facts, now);
}
