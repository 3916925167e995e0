import { sql } from 'kysely';
import { json, type Tx } from '../database.ts';
import type { Entry } from './entries.ts';

/** A condition on an event that a split will ask about. */
export interface Watch {
  /** The split, and which of its conditions. */
  readonly step: string;
  readonly condition: number;
  /** Empty: any type; the condition itself is asked when one arrives. */
  readonly eventTypes: readonly string[];
  /** Only events of the message this step sends; null: any event of the participant. */
  readonly messageStep: string | null;
  /** Whether a match can settle the split before its end: the workflow is woken for no other. */
  readonly wakes: boolean;
}

/** What is watched for an entry. */
export interface EntryWatches {
  readonly entry: Pick<Entry, 'id' | 'participant'>;
  readonly watches: readonly Watch[];
  /** When one of the splits opens, where that is known. */
  readonly opens: { readonly split: string; readonly at: Date } | null;
}

/**
 * Writes watches before the event they wait for can exist, for all entries at once. A repeat (a retried send) moves the
 * opening of their splits.
 */
export async function writeWatches(tx: Tx, appId: string, entries: readonly EntryWatches[]): Promise<void> {
  const rows = entries.flatMap(({ entry, watches, opens }) =>
    watches.map(({ step, condition, eventTypes, messageStep, wakes }) => ({
      entry_id: entry.id,
      participant: entry.participant,
      step,
      condition,
      event_types: eventTypes,
      message_step: messageStep,
      wakes,
      active_from: opens?.split === step ? opens.at : null,
    })),
  );
  if (rows.length === 0) return;
  await sql`
    insert into event_watch (app_id, entry_id, participant, step, condition, event_types, message_step, wakes, active_from)
    select ${appId}, entry_id, participant, step, condition, event_types, message_step, wakes, active_from
    from jsonb_to_recordset(${json(rows)}::jsonb) as watch (entry_id uuid, participant text, step text, condition int,
      event_types text[], message_step text, wakes boolean, active_from timestamptz)
    on conflict (app_id, entry_id, step, condition) do update set active_from = excluded.active_from`.execute(
    tx,
  );
}

/**
 * Says when a split opens now that it is known. Answers whether a watch that wakes was matched before: an early event
 * costs nothing until it matters.
 */
export async function openWatches(tx: Tx, entry: Entry, split: string, at: Date): Promise<boolean> {
  const watches = await tx
    .updateTable('event_watch')
    .set({ active_from: at })
    .where('app_id', '=', entry.app_id)
    .where('entry_id', '=', entry.id)
    .where('step', '=', split)
    .where('closed_at', 'is', null)
    .returning(['matched_event', 'wakes'])
    .execute();
  return watches.some((watch) => watch.wakes && watch.matched_event !== null);
}

/** Locks the watches of a split, so that an event and a decision come one after the other: the first to commit wins. */
export async function lockWatches(tx: Tx, entry: Entry, split: string): Promise<void> {
  await tx
    .selectFrom('event_watch')
    .select('id')
    .where('app_id', '=', entry.app_id)
    .where('entry_id', '=', entry.id)
    .where('step', '=', split)
    .forUpdate()
    .execute();
}

/** Closes the watches of a split that has been decided. */
export async function closeWatches(tx: Tx, entry: Entry, split: string, now: Date): Promise<void> {
  await tx
    .updateTable('event_watch')
    .set({ closed_at: now })
    .where('app_id', '=', entry.app_id)
    .where('entry_id', '=', entry.id)
    .where('step', '=', split)
    .where('closed_at', 'is', null)
    .execute();
}
