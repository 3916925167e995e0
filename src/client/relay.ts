import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import { json } from '../db/database.ts';
import { confirmStarts } from '../db/journeys/entries.ts';
import { type Carried, readCarried } from '../db/outbox/carried.ts';
import { leaseOutbox, type OutboxItem, RENEW_MS, renewLease } from '../db/outbox/outboxLease.ts';
import type { OutboxTable } from '../db/tables/outbox.ts';
import type { Deps } from '../deps.ts';
import { callTemporal } from './callTemporal.ts';
import { type Delivered, deliveries } from './deliveries.ts';
import { isTemporalAway, reasonOf } from './temporalErrors.ts';
import { temporalWorkflowId } from './temporalIds.ts';

const MAX_ATTEMPTS = 20;
/** Real milliseconds until rows that found Temporal away are tried again. */
const AWAY_MS = 2_000;

/** How a row failed; it leaves for the dead letters after MAX_ATTEMPTS that were not an absence of Temporal. */
type Outcome = { readonly row: OutboxItem } & (
  | Delivered
  | { readonly failed: string; readonly away: boolean }
);

/**
 * Carries one batch of the outbox to Temporal, at least once. A row leaves only after its call succeeded; every call is
 * harmless when repeated, because ids are deterministic. Several relays share the work by leases. Answers how many rows
 * it took.
 */
export async function relayBatch(deps: Deps, temporal: Client): Promise<number> {
  const rows = await leaseOutbox(deps.db, { logical: await deps.clock.now(), real: new Date() });
  const outcomes = await keeping(deps, rows, async () => {
    const carried = await readCarried(deps.db, rows);
    return await Promise.all(
      rows.map((row) => deliver(deps, temporal, row, carried.get(row.entry_id ?? ''))),
    );
  });
  await recordOutcomes(deps, outcomes);
  return rows.length;
}

/** Works on rows and keeps them for as long as that takes. A lease that could not be renewed costs a repeated call. */
async function keeping<T>(deps: Deps, rows: readonly OutboxItem[], work: () => Promise<T>): Promise<T> {
  let renewed = Promise.resolve();
  const timer = setInterval(() => {
    renewed = renewed
      .then(() => renewLease(deps.db, rows, new Date()))
      .catch((error) => deps.log.warn({ err: error }, 'leases of the outbox were not renewed'));
  }, RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await renewed;
  }
}

async function deliver(
  deps: Deps,
  temporal: Client,
  row: OutboxItem,
  carried: Carried | undefined,
): Promise<Outcome> {
  try {
    const call = () => deliveries[row.kind](deps, temporal, row, carried);
    return { row, ...(await callTemporal(temporal, call)) };
  } catch (error) {
    const outcome = { row, failed: reasonOf(error), away: isTemporalAway(error) };
    deps.log.warn(described(deps, outcome), 'a row of the outbox was not delivered');
    return outcome;
  }
}

async function recordOutcomes(deps: Deps, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const now = await deps.clock.now();
  const failures = outcomes.filter((outcome) => 'failed' in outcome);
  const poison = failures.filter(({ row, away }) => !away && row.attempts >= MAX_ATTEMPTS);
  await deps.db.transaction().execute(async (tx) => {
    const done = outcomes.filter((outcome) => 'confirmsStart' in outcome);
    const started = done.filter((outcome) => outcome.confirmsStart).map((outcome) => outcome.row);
    await confirmStarts(tx, started, now);
    await sql`delete from outbox where id = any(${done.map((outcome) => outcome.row.id)}::bigint[])`.execute(
      tx,
    );
    for (const failure of failures) {
      if (poison.includes(failure)) await bury(tx, failure, now);
      else await backOff(tx, failure);
    }
  });
  for (const failure of poison)
    deps.log.error(described(deps, failure), 'a row of the outbox was given up; see `repoint outbox`');
}

/** What may be logged of a failure: ids, never a payload. */
function described({ config }: Deps, { row, failed }: Failure) {
  const workflowId = temporalWorkflowId(config, row.workflow_id);
  return { outboxId: row.id, kind: row.kind, workflowId, reason: failed };
}

type Failure = Extract<Outcome, { failed: string }>;

async function backOff(tx: Deps['db'], { row, failed, away }: Failure): Promise<void> {
  const waitMs = away ? AWAY_MS : Math.min(30_000, 200 * 2 ** Math.min(row.attempts, 8));
  await tx
    .updateTable('outbox')
    .set({
      leased_until: new Date(Date.now() + waitMs),
      last_error: failed,
      attempts: away ? Math.max(0, row.attempts - 1) : row.attempts,
    })
    .where('id', '=', row.id)
    .execute();
}

async function bury(tx: Deps['db'], { row, failed }: Failure, now: Date): Promise<void> {
  await tx
    .insertInto('outbox_dead')
    .values({ ...row, payload: json(row.payload), last_error: failed, died_at: now })
    .execute();
  await tx.deleteFrom('outbox').where('id', '=', row.id).execute();
}

/** When the next row becomes due, for a test that skips time; null when the outbox is empty. */
export async function nextOutboxInstant(db: Deps['db']): Promise<Date | null> {
  const row = await db
    .selectFrom('outbox')
    .select((eb) => eb.fn.min<Date | null>('not_before' satisfies keyof OutboxTable).as('next'))
    .executeTakeFirstOrThrow();
  return row.next;
}
