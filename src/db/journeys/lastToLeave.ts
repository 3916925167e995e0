import { sql } from 'kysely';
import type { Queryable, Tx } from '../database.ts';
import { enqueue } from '../outbox/outbox.ts';
import { workflowIdOf } from '../outbox/workflowIds.ts';
import type { JourneyKey } from './journeyRuns.ts';

/** As many may be leaving at one moment, each in a transaction that the others do not see. */
const LEAVING_AT_ONCE = 1000;

/**
 * Has a closed journey's life look whether somebody who ended in this transaction was the last. Those who leave it at the
 * same time come one after the other here, so that one of them finds nobody left.
 */
export async function tellOfLast(tx: Tx, key: JourneyKey, now: Date): Promise<void> {
  const { appId, journeyId } = key;
  const journey = await tx
    .selectFrom('journey')
    .select('state')
    .where('app_id', '=', appId)
    .where('id', '=', journeyId)
    .executeTakeFirst();
  if (journey?.state !== 'CLOSED') return;
  const many = await openEntriesInOrder(tx, key).select('id').offset(LEAVING_AT_ONCE).limit(1).execute();
  if (many.length > 0) return;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`journey-end/${appId}/${journeyId}`}, 0))`.execute(
    tx,
  );
  if (await hasOpenEntries(tx, key)) return;
  await tellLife(tx, key, now);
}

/** Has the workflow that owns a journey look at it. */
export async function tellLife(tx: Queryable, { appId, journeyId }: JourneyKey, now: Date): Promise<void> {
  const life = workflowIdOf('journeyLife', { id: journeyId });
  const signal = {
    kind: 'signal',
    signal: 'journeyChanged',
    appId,
    workflowId: life,
    notBefore: now,
  } as const;
  await enqueue(tx, [signal], now);
}

/** Whether somebody is inside a journey. */
export async function hasOpenEntries(tx: Queryable, key: JourneyKey): Promise<boolean> {
  return (await openEntriesInOrder(tx, key).select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** The entries of those who are inside a journey. */
export function openEntries(tx: Queryable, { appId, journeyId }: JourneyKey) {
  return tx
    .selectFrom('journey_entry')
    .where('app_id', '=', appId)
    .where('journey_id', '=', journeyId)
    .where('ended_at', 'is', null);
}

/** The same, in the order of their index: some of them are found without a look at all who have left. */
export function openEntriesInOrder(tx: Queryable, key: JourneyKey) {
  return openEntries(tx, key).orderBy('participant');
}
