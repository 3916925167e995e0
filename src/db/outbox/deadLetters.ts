import { type Selectable, sql } from 'kysely';
import { json, type Queryable, type Tx } from '../database.ts';
import type { OutboxDeadTable } from '../tables/outbox.ts';
import { laneOf, type OutboxRow } from './outbox.ts';

export type DeadLetter = Omit<Selectable<OutboxDeadTable>, 'payload'>;

const PAGE_SIZE = 500;

/** The rows of the outbox that were given up, in the order in which they were written. */
export async function* listDeadLetters(db: Queryable): AsyncGenerator<DeadLetter> {
  for (let after = '0', full = true; full; ) {
    const page = await db
      .selectFrom('outbox_dead')
      .select(['id', 'kind', 'app_id', 'entry_id', 'workflow_id', 'attempts', 'last_error', 'died_at'])
      .where('id', '>', after)
      .orderBy(sql`id`)
      .limit(PAGE_SIZE)
      .execute();
    yield* page;
    after = page.at(-1)?.id ?? after;
    full = page.length === PAGE_SIZE;
  }
}

/**
 * Puts rows that were given up back into the outbox, to be delivered now with as many attempts as a new row has. Every
 * delivery is harmless when repeated.
 * @param ids of the rows; null: of all
 * @returns the ids of those that were there
 */
export async function reviveDeadLetters(tx: Tx, ids: readonly string[] | null, now: Date): Promise<string[]> {
  const dead = await tx
    .deleteFrom('outbox_dead')
    .$if(ids !== null, (query) => query.where('id', '=', sql<string>`any(${[...(ids ?? [])]}::bigint[])`))
    .returningAll()
    .execute();
  const sorted = dead.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  for (const { kind, app_id, entry_id, workflow_id, payload } of sorted) {
    await tx
      .insertInto('outbox')
      .values({
        lane: laneOf(kind as OutboxRow['kind']),
        kind,
        app_id,
        entry_id,
        workflow_id,
        payload: json(payload),
        not_before: now,
        leased_until: null,
        last_error: null,
        created_at: now,
      })
      .execute();
  }
  return sorted.map(({ id }) => id);
}
