import { type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import { badRequest } from '../../domain/errors.ts';
import type { PageKey, PageRequest } from '../../domain/page.ts';
import type { Queryable } from '../database.ts';
import type { MessageState, MessageTable } from '../tables/messages.ts';
import type { Tables } from '../tables.ts';

/** Which messages of an app; what is left out does not narrow. */
export interface MessageFilter {
  readonly appId: string;
  readonly state?: MessageState | undefined;
  readonly journeyId?: string | undefined;
  readonly campaignId?: string | undefined;
  readonly endpointId?: string | undefined;
  /** Made at or after this (logical time). */
  readonly since?: Date | undefined;
}

const columns = [
  'owner',
  'seq',
  'owner_kind',
  'step',
  'recipient',
  'endpoint_id',
  'channel_type',
  'class',
  'journey_id',
  'campaign_id',
  'state',
  'reason',
  'attempt',
  'claimed_at',
  'attempted_at',
  'accepted_at',
  'template_name',
  'template_version',
  'held_until',
  'held_for',
  'created_at',
  'settled_at',
] as const satisfies readonly (keyof MessageTable)[];

/** A message of the ledger without what it said. */
export type ListedMessage = Pick<Selectable<MessageTable>, (typeof columns)[number]> & {
  /** How many of its calls came to nobody knows what. */
  readonly unknown_calls: number;
};

/** Newest first; one row more than the page holds, where there is one. A page's key is a message's time and `messageKey`. */
export async function listMessages(
  db: Queryable,
  filter: MessageFilter,
  page: PageRequest,
): Promise<ListedMessage[]> {
  let query = listedMessage(db, filter);
  if (page.after !== undefined) query = query.where(after(page.after));
  return await query
    .orderBy('created_at', 'desc')
    .orderBy('owner', 'desc')
    .orderBy('seq', 'desc')
    .limit(page.size + 1)
    .execute();
}

/** What is told of messages, of those that a filter lets through. */
export function listedMessage(
  db: Queryable,
  filter: MessageFilter,
): SelectQueryBuilder<Tables, 'message', ListedMessage> {
  return filtered(db, filter)
    .select(columns)
    .select(
      sql<number>`(select count(*)::int from message_attempt a where a.app_id = message.app_id
        and a.owner = message.owner and a.seq = message.seq and a.outcome = 'unknown')`.as('unknown_calls'),
    );
}

/** How many messages are in each state. */
export async function countMessages(
  db: Queryable,
  filter: MessageFilter,
): Promise<Partial<Record<MessageState, number>>> {
  const rows = await filtered(db, filter)
    .select(['state', sql<number>`count(*)::int`.as('count')])
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** A message among others of its app. */
export function messageKey({ owner, seq }: Pick<ListedMessage, 'owner' | 'seq'>): string {
  return `${owner} ${seq}`;
}

function filtered(db: Queryable, filter: MessageFilter): SelectQueryBuilder<Tables, 'message', object> {
  const { state, journeyId, campaignId, endpointId, since } = filter;
  let query = db.selectFrom('message').where('message.app_id', '=', filter.appId);
  if (state !== undefined) query = query.where('state', '=', isTrouble(state) ? sql.lit(state) : state);
  if (journeyId !== undefined) query = query.where('journey_id', '=', journeyId);
  if (campaignId !== undefined) query = query.where('campaign_id', '=', campaignId);
  if (endpointId !== undefined) query = query.where('endpoint_id', '=', endpointId);
  if (since !== undefined) query = query.where('created_at', '>=', since);
  return query;
}

/** These have an index of their own, which is used only for a state that stands in the statement itself. */
function isTrouble(state: MessageState): boolean {
  return state === 'unknown' || state === 'failed';
}

const keyForm = /^([0-9a-f-]{36}) (\d{1,9})$/;

function after({ createdAt, id }: PageKey) {
  const [, owner, seq] = keyForm.exec(id) ?? [];
  if (owner === undefined) {
    throw badRequest([{ path: 'token', message: 'is not a token that an earlier page answered' }]);
  }
  return sql<boolean>`(created_at, owner, seq) < (${createdAt}, ${owner}::uuid, ${seq}::int)`;
}
