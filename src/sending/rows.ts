import { type Selectable, sql } from 'kysely';
import { json, type Queryable, type Tx } from '../db/database.ts';
import type { MessageTable } from '../db/tables/messages.ts';
import type { MessageOwner, Recipient } from './ledger.ts';

export type MessageRow = Selectable<MessageTable>;

/**
 * Lets one transaction at a time claim messages of an owner, until it ends: what makes `seq` gapless and unique, and
 * two claims of one message one call. Taken after the participant's row, never before.
 */
export async function lockOwner(tx: Tx, owner: MessageOwner): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`message ${owner.appId} ${owner.owner}`}, 0))`.execute(
    tx,
  );
}

/** The next free `seq` of an owner; its lock is held. */
export async function nextSeq(tx: Tx, owner: MessageOwner): Promise<number> {
  const last = await tx
    .selectFrom('message')
    .select('seq')
    .where('app_id', '=', owner.appId)
    .where('owner', '=', owner.owner)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (last?.seq ?? 0) + 1;
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

/** The recipients an owner's step was first claimed for, in that order: the set that stays frozen. Empty before. */
export async function claimedRecipients(
  tx: Tx,
  owner: Pick<MessageOwner, 'appId' | 'owner' | 'step'>,
): Promise<Recipient[]> {
  return (await stepRows(tx, owner)).map(recipientOf);
}

/** Everybody an owner's step is on the ledger for, in the order they came there. */
export async function stepRows(
  tx: Tx,
  owner: Pick<MessageOwner, 'appId' | 'owner' | 'step'>,
): Promise<MessageRow[]> {
  return await tx
    .selectFrom('message')
    .selectAll()
    .where('app_id', '=', owner.appId)
    .where('owner', '=', owner.owner)
    .where('step', '=', owner.step)
    .orderBy('seq')
    .execute();
}

/** The recipients of an owner's step whose message is settled or under way: those that need no new call. */
export async function knownRecipients(
  db: Queryable,
  owner: Pick<MessageOwner, 'appId' | 'owner' | 'step'>,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('message')
    .select('recipient')
    .where('app_id', '=', owner.appId)
    .where('owner', '=', owner.owner)
    .where('step', '=', owner.step)
    .where('state', '<>', 'queued')
    .execute();
  return new Set(rows.map((row) => row.recipient));
}
