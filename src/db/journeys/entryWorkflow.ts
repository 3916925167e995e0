import type { Queryable } from '../database.ts';
import { enqueue } from '../outbox/outbox.ts';
import { workflowIdOf } from '../outbox/workflowIds.ts';
import type { Entry } from './entries.ts';

/** What of an entry names its workflow. */
export type EntryKey = Pick<Entry, 'app_id' | 'id' | 'journey_id' | 'endpoint_id'>;

/** Has the workflows of entries started, now or again: a repeat is harmless. */
export async function enqueueStarts(tx: Queryable, entries: readonly EntryKey[], now: Date): Promise<void> {
  await enqueueFor(tx, 'enter', entries, now, now);
}

/** Has an entry's workflow look again, not before an instant (logical time). */
export async function wakeEntry(tx: Queryable, entry: EntryKey, notBefore: Date, now: Date): Promise<void> {
  await wakeEntries(tx, [entry], notBefore, now);
}

/** The same for many entries at once. */
export async function wakeEntries(
  tx: Queryable,
  entries: readonly EntryKey[],
  notBefore: Date,
  now: Date,
): Promise<void> {
  await enqueueFor(tx, 'wake', entries, notBefore, now);
}

async function enqueueFor(
  tx: Queryable,
  kind: 'enter' | 'wake',
  entries: readonly EntryKey[],
  notBefore: Date,
  now: Date,
): Promise<void> {
  const rows = entries.map((entry) => ({
    kind,
    appId: entry.app_id,
    entryId: entry.id,
    workflowId: workflowIdOf('journey', entry),
    notBefore,
  }));
  await enqueue(tx, rows, now);
}
