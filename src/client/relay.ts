import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import { json } from '../db/database.ts';
import type { OutboxTable } from '../db/tables.ts';
import type { Deps } from '../deps.ts';
import { type Delivered, deliveries, type OutboxItem } from './deliveries.ts';
import { isTemporalAway, reasonOf } from './temporalErrors.ts';

const BATCH_SIZE = 100;
/** Real milliseconds a call to Temporal may take, its own retries included. */
const CALL_MS = 10_000;
/** Real milliseconds a row is another relay's: longer than any call to Temporal takes. */
const LEASE_MS = 30_000;
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
  const rows = await leaseRows(deps);
  const outcomes = await Promise.all(rows.map((row) => deliver(deps, temporal, row)));
  await recordOutcomes(deps, outcomes);
  return rows.length;
}

/** Wakes first, then starts, then the rest; a wake only once its entry's start is confirmed. */
async function leaseRows(deps: Deps): Promise<OutboxItem[]> {
  const logical = await deps.clock.now();
  const real = new Date();
  const leased = await sql<OutboxItem>`
    update outbox set leased_until = ${new Date(real.getTime() + LEASE_MS)}, attempts = attempts + 1
    where id = any(array(
      select id from outbox candidate
      where not_before <= ${logical} and (leased_until is null or leased_until < ${real})
        and (kind <> 'wake' or exists (
          select from journey_entry entry where entry.app_id = candidate.app_id and entry.id = candidate.entry_id
            and (entry.start_confirmed_at is not null or entry.ended_at is not null)))
      order by lane, not_before, id limit ${BATCH_SIZE} for update skip locked))
    returning id, kind, app_id, entry_id, workflow_id, payload, attempts`.execute(deps.db);
  return leased.rows;
}

async function deliver(deps: Deps, temporal: Client, row: OutboxItem): Promise<Outcome> {
  try {
    const call = () => deliveries[row.kind](deps, temporal, row);
    return { row, ...(await temporal.withDeadline(Date.now() + CALL_MS, call)) };
  } catch (error) {
    const outcome = { row, failed: reasonOf(error), away: isTemporalAway(error) };
    deps.log.warn(described(outcome), 'a row of the outbox was not delivered');
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
    const started = done.filter((outcome) => outcome.confirmsStart).map((outcome) => outcome.row.entry_id);
    await sql`update journey_entry set start_confirmed_at = ${now}
      where id = any(${started}::uuid[]) and start_confirmed_at is null`.execute(tx);
    await sql`delete from outbox where id = any(${done.map((outcome) => outcome.row.id)}::bigint[])`.execute(
      tx,
    );
    for (const failure of failures) {
      if (poison.includes(failure)) await bury(tx, failure, now);
      else await backOff(tx, failure);
    }
  });
  for (const failure of poison)
    deps.log.error(described(failure), 'a row of the outbox was given up; it is kept in outbox_dead');
}

/** What may be logged of a failure: ids, never a payload. */
function described({ row, failed }: Failure) {
  return { outboxId: row.id, kind: row.kind, workflowId: row.workflow_id, reason: failed };
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
