import { sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import { wakeEntry } from '../../db/journeys/entryWorkflow.ts';
import { matchesCondition } from '../../domain/event/match.ts';
import { stepById } from '../../domain/journey/stepOf.ts';
import { isJudgingStep } from '../../domain/journey/steps.ts';
import type { StoredEvent } from './event.ts';

/**
 * Marks the watches that events fulfil, the first event for each, and writes the wakes: at once where the split is
 * open, at its opening where that is known, and none where it is not (whoever learns it writes the wake) or where the
 * event cannot settle the split before its end.
 * @param stepOf an entry that is not woken: a step of its own brings the events, and it looks when it goes on
 */
export async function matchWatches(
  tx: Tx,
  appId: string,
  events: readonly StoredEvent[],
  now: Date,
  stepOf?: string,
): Promise<void> {
  const wakes = new Map<string, Candidate>();
  for (const event of events) {
    for (const watch of await candidates(tx, appId, event)) {
      if (!fulfils(watch, event, now)) continue;
      await markMatched(tx, appId, watch.id, event.id, now);
      if (watch.entry_id === stepOf) continue;
      const earliest = wakes.get(watch.entry_id)?.active_from;
      if (watch.wakes && watch.active_from && (!earliest || watch.active_from < earliest))
        wakes.set(watch.entry_id, watch);
    }
  }
  for (const watch of wakes.values()) {
    const opens = watch.active_from ?? now;
    const entry = {
      app_id: appId,
      id: watch.entry_id,
      journey_id: watch.journey_id,
      endpoint_id: watch.endpoint_id,
    };
    await wakeEntry(tx, entry, opens > now ? opens : now, now);
  }
}

type Candidate = Awaited<ReturnType<typeof candidates>>[number];

/** Open watches that an event may fulfil, locked in one order: a decision about them waits, or has been before. */
async function candidates(tx: Tx, appId: string, event: StoredEvent) {
  return await tx
    .selectFrom('event_watch as watch')
    .innerJoin('journey_entry as entry', (join) =>
      join.onRef('entry.app_id', '=', 'watch.app_id').onRef('entry.id', '=', 'watch.entry_id'),
    )
    .innerJoin('journey', (join) =>
      join.onRef('journey.app_id', '=', 'watch.app_id').onRef('journey.id', '=', 'entry.journey_id'),
    )
    .select([
      'watch.id',
      'watch.entry_id',
      'watch.step',
      'watch.condition',
      'watch.active_from',
      'watch.wakes',
    ])
    .select(['entry.journey_id', 'entry.endpoint_id', 'journey.document'])
    .where('watch.app_id', '=', appId)
    .where('watch.closed_at', 'is', null)
    .where('watch.matched_event', 'is', null)
    // what starts a journey fulfils none of its splits
    .where('entry.event_id', 'is distinct from', event.id)
    .where(sql<boolean>`(cardinality(watch.event_types) = 0 or ${event.type} = any(watch.event_types))`)
    .where('watch.id', '=', sql<string>`any(array(${watchesFor(tx, appId, event)}))`)
    .orderBy('watch.id')
    .forUpdate('watch')
    .execute();
}

/** The watches on any event of the participant, and those on the event's message: each by an index of its own. */
function watchesFor(tx: Tx, appId: string, event: StoredEvent) {
  const watches = tx
    .selectFrom('event_watch')
    .select('id')
    .where('app_id', '=', appId)
    .where('closed_at', 'is', null)
    .where('matched_event', 'is', null);
  const ofPerson = watches.where('participant', '=', event.participant).where('message_step', 'is', null);
  if (event.message === null) return ofPerson;
  const { owner, step } = event.message;
  return ofPerson.unionAll(watches.where('entry_id', '=', owner).where('message_step', '=', step));
}

function fulfils(watch: Candidate, event: StoredEvent, now: Date): boolean {
  const step = stepById(watch.document, watch.step);
  const condition = step && isJudgingStep(step) ? step.conditions[watch.condition] : undefined;
  return condition?.kind === 'event' && matchesCondition(condition.event, event, now);
}

async function markMatched(
  tx: Tx,
  appId: string,
  watchId: string,
  eventId: string,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('event_watch')
    .set({ matched_event: eventId, matched_at: now })
    .where('app_id', '=', appId)
    .where('id', '=', watchId)
    .execute();
}
