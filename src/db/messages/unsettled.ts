import { sql } from 'kysely';
import type { Queryable } from '../database.ts';
import type { MessageState } from '../tables/messages.ts';

/** Messages that are not settled, counted: by channel, state and what they are held for, if anything. */
export interface UnsettledCount {
  readonly channel: string;
  readonly state: MessageState;
  readonly heldFor: string | null;
  readonly count: number;
}

/** Counts what is on its way. Whatever is settled costs nothing; `now` is logical time. */
export async function countUnsettled(db: Queryable, now: Date): Promise<UnsettledCount[]> {
  const heldFor = sql<string | null>`case when state = 'queued' and held_until > ${now} then held_for end`;
  const rows = await db
    .selectFrom('message')
    .select(({ fn }) => ['channel', 'state', heldFor.as('held_for'), fn.countAll<string>().as('messages')])
    .where('settled_at', 'is', null)
    .groupBy(['channel', 'state', sql`3`])
    .execute();
  return rows.map((row) => ({
    channel: row.channel,
    state: row.state,
    heldFor: row.held_for,
    count: Number(row.messages),
  }));
}
