import { type RawBuilder, type Selectable, sql } from 'kysely';
import { json, type Queryable, type Tx } from '../db/database.ts';
import type { MessageTable } from '../db/tables/messages.ts';
import type { MessageOwner, Recipient } from './ledger.ts';

export type MessageRow = Selectable<MessageTable>;

/**
 * Lets one transaction at a time claim messages of an owner, until it ends: what makes `seq` gapless and unique, and
 * two claims of one message one call. Taken after the participant's row, never before.
 */
export async function lockOwner(tx: Tx, owner: MessageOwner): Promise<void> {
  await sql`select ${ownerLock(owner)}`.execute(tx);
}

/** The same as an expression, which another statement may carry: what that one reads may be older than the lock. */
export function ownerLock({ appId, owner }: MessageOwner): RawBuilder<unknown> {
  return sql`pg_advisory_xact_lock(hashtextextended(${`message ${appId} ${owner}`}, 0))`;
}

/** The `seq` that an owner used last; 0 before the first. */
export function lastSeq({ appId, owner }: Pick<MessageOwner, 'appId' | 'owner'>): RawBuilder<number> {
  return sql`coalesce((select seq from message
    where app_id = ${appId} and owner = ${owner} order by seq desc limit 1), 0)`;
}

/** The next free `seq` of an owner; its lock is held. */
export async function nextSeq(tx: Tx, owner: MessageOwner): Promise<number> {
  const { last } = await tx.selectNoFrom(lastSeq(owner).as('last')).executeTakeFirstOrThrow();
  return last + 1;
}

/** What a row of the ledger holds before anything has happened to it. */
export function newRow(owner: MessageOwner, recipient: Recipient, seq: number, logical: Date) {
  return {
    app_id: owner.appId,
    owner: owner.owner,
    seq,
    owner_kind: owner.kind,
    step: owner.step,
    recipient: recipient.recipient,
    endpoint_id: recipient.endpointId,
    participant: recipient.participant,
    channel: owner.channel,
    channel_type: recipient.channelType,
    address: recipient.address,
    context: recipient.context === undefined ? null : json(recipient.context),
    class: owner.class,
    journey_id: owner.journeyId ?? null,
    campaign_id: owner.campaignId ?? null,
    keeps_body: owner.keepsBody ?? false,
    ...templateOf(owner),
    state: 'queued' as const,
    created_at: logical,
  };
}

/** The template as a row names it; nothing where the claim does not tell, so that what is there stays. */
export function templateOf({ template }: MessageOwner) {
  return template && { template_name: template.name, template_version: template.version };
}

/** What `rendered` becomes when its message is settled: a message that is settled is never sent again. */
export const bodyOnceSettled = sql<string | null>`case when message.keeps_body then message.rendered end`;

/** Whether a call of the message other than that of an attempt may have been received. */
export function hasOtherUnknownCall(attempt: RawBuilder<number>): RawBuilder<boolean> {
  return sql`exists (
    select from message_attempt a
    where a.app_id = message.app_id and a.owner = message.owner and a.seq = message.seq and a.outcome = 'unknown'
      and a.attempt <> ${attempt})`;
}

/** The recipient as it was when first claimed: an address that changed since does not move a message. */
export function recipientOf(row: MessageRow): Recipient {
  return {
    recipient: row.recipient,
    endpointId: row.endpoint_id,
    participant: row.participant,
    channelType: row.channel_type,
    address: row.address,
    ...(row.context !== null && { context: row.context }),
  };
}

/** Messages of an owner beside the number of its last one; where there are none, that number alone. */
export type NumberedRow = { readonly last: number } & (MessageRow | { readonly recipient: null });

/** The messages in such rows, and the number of the owner's next one. */
export function heldIn(rows: readonly NumberedRow[]): { rows: MessageRow[]; next: number } {
  return {
    rows: rows.flatMap((row) => (row.recipient === null ? [] : [row as MessageRow])),
    next: (rows[0]?.last ?? 0) + 1,
  };
}

/** What the ledger holds of an owner's step: everybody, in the order they came there, and the number of the owner's next message. */
export async function readStep(
  db: Queryable,
  owner: Pick<MessageOwner, 'appId' | 'owner' | 'step'>,
): Promise<{ rows: MessageRow[]; next: number }> {
  const { rows } = await sql<NumberedRow>`
    select facts.*, message.* from (select ${lastSeq(owner)} as last) as facts left join message
      on app_id = ${owner.appId} and owner = ${owner.owner} and step = ${owner.step}
    order by seq`.execute(db);
  return heldIn(rows);
}
