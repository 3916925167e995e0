import { CUSTOM_RESPONSE } from '../../domain/event/customResponse.ts';
import type { Queryable } from '../database.ts';
import type { Entry } from './entries.ts';

type Passage = Pick<Entry, 'app_id' | 'id' | 'event_id' | 'entered_at'>;

/** The event that started an entry; undefined where none did, or where it was erased. */
export async function startingEvent(db: Queryable, entry: Passage) {
  if (entry.event_id === null) return undefined;
  return await db
    .selectFrom('event')
    .select(['type', 'occurred_at', 'attributes', 'metrics'])
    .where('app_id', '=', entry.app_id)
    .where('id', '=', entry.event_id)
    // the entry was made in the event's own transaction, by the same clock: one partition to look into
    .where('received_at', '=', entry.entered_at)
    .executeTakeFirst();
}

/** What custom channels answered about the endpoints of an entry, oldest first. */
export async function customAnswers(db: Queryable, entry: Passage) {
  return await db
    .selectFrom('event')
    .select(['endpoint_id', 'attributes'])
    .where('app_id', '=', entry.app_id)
    .where('message_owner', '=', entry.id)
    .where('received_at', '>=', entry.entered_at)
    .where('type', '=', CUSTOM_RESPONSE)
    .orderBy('received_at')
    .orderBy('id')
    .execute();
}
