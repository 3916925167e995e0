import type { Queryable, Tx } from './database.ts';
import { type Entry, journeyWorkflowId } from './entries.ts';
import { enqueue } from './outbox.ts';

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

/**
 * Writes watches before the event they wait for can exist. `opens` says when each split opens, where that is known; a
 * repeat (a retried send) moves it.
 */
export async function writeWatches(
  tx: Tx,
  entry: Entry,
  watches: readonly Watch[],
  opens: { readonly split: string; readonly at: Date } | null,
): Promise<void> {
  if (watches.length === 0) return;
  await tx
    .insertInto('event_watch')
    .values(
      watches.map((watch) => ({
        app_id: entry.app_id,
        entry_id: entry.id,
        participant: entry.participant,
        step: watch.step,
        condition: watch.condition,
        event_types: [...watch.eventTypes],
        message_step: watch.messageStep,
        wakes: watch.wakes,
        active_from: opens?.split === watch.step ? opens.at : null,
        matched_event: null,
        matched_at: null,
        closed_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['app_id', 'entry_id', 'step', 'condition'])
        .doUpdateSet((eb) => ({ active_from: eb.ref('excluded.active_from') })),
    )
    .execute();
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

/** Has an entry's workflow look again, not before an instant. */
export async function wakeEntry(
  tx: Queryable,
  entry: Pick<Entry, 'app_id' | 'id' | 'journey_id' | 'endpoint_id'>,
  notBefore: Date,
  now: Date,
): Promise<void> {
  const workflowId = journeyWorkflowId(entry);
  await enqueue(tx, [{ kind: 'wake', appId: entry.app_id, entryId: entry.id, workflowId, notBefore }], now);
}
