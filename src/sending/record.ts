import { sql } from 'kysely';
import { json, type Tx } from '../db/database.ts';
import { streamFacts } from '../db/streams/streamRecords.ts';
import type { MessageState } from '../db/tables/messages.ts';
import { statusOfSkip } from '../domain/stream/sendStatus.ts';
import type { Rendered } from '../templates/rendered.ts';
import type { SendingChoices } from './compose.ts';
import type { CallClaim, MessageOwner, Recipient } from './ledger.ts';
import { bodyOnceSettled, hasOtherUnknownCall, lockOwner, newRow, nextSeq } from './rows.ts';
import { sendFacts } from './streamSend.ts';

/** What one claim will send, and the template it came from. */
export interface Kept {
  readonly claim: CallClaim;
  readonly rendered: Rendered;
  readonly template?: { readonly name: string; readonly version: number } | undefined;
  /** How it is to be sent, where nothing else tells that later. */
  readonly choices?: SendingChoices;
}

/** Keeps what a repeated call will send, as `insertClaims` does with the first. In the transaction of the claim. */
export async function keepRendered(
  tx: Tx,
  owner: MessageOwner,
  { claim, rendered, template, choices }: Kept,
): Promise<void> {
  await tx
    .updateTable('message')
    .set({
      rendered: json(rendered),
      choices: choices === undefined ? null : json(choices),
      template_name: template?.name ?? null,
      template_version: template?.version ?? null,
    })
    .where('app_id', '=', owner.appId)
    .where('owner', '=', owner.owner)
    .where('seq', '=', claim.seq)
    .execute();
}

/**
 * Records that a recipient will not be called, and why (ENDPOINT_OPT_OUT, TEMPLATE_MISSING …). Given a recipient: one
 * that nobody claimed, or that waits for its next call. Given our own claim, in its transaction or later but before any
 * call: the claim ends. Another's claim and what is settled stay as they are. A message one of whose earlier calls
 * is unknown stays listed as unknown, for good.
 */
export async function recordSkip(
  tx: Tx,
  owner: MessageOwner,
  who: Recipient | CallClaim,
  reason: string,
  logical: Date,
): Promise<void> {
  await lockOwner(tx, owner);
  const claim = 'kind' in who ? who : null;
  const recipient = claim === null ? (who as Recipient) : claim.recipient;
  if (claim !== null) await closeAttempt(tx, owner, claim, { outcome: 'skipped', detail: reason }, logical);
  const updated = await tx
    .updateTable('message')
    .set({
      state: sql<MessageState>`case when ${hasOtherUnknownCall(sql`${claim?.attempt ?? 0}`)} then 'unknown' else 'skipped' end`,
      reason,
      settled_at: logical,
      rendered: bodyOnceSettled,
    })
    .where('app_id', '=', owner.appId)
    .where('owner', '=', owner.owner)
    .where('step', '=', owner.step)
    .where('recipient', '=', recipient.recipient)
    .where((row) =>
      claim === null
        ? row('state', '=', 'queued')
        : row.and([row('state', '=', 'claimed'), row('attempt', '=', claim.attempt)]),
    )
    .executeTakeFirst();
  if (updated.numUpdatedRows > 0n) await tellSkip(tx, owner, recipient, reason, logical);
  if (updated.numUpdatedRows > 0n || claim !== null) return;
  const inserted = await tx
    .insertInto('message')
    .values({
      ...newRow(owner, recipient, await nextSeq(tx, owner), logical),
      state: 'skipped',
      reason,
      settled_at: logical,
    })
    .onConflict((conflict) => conflict.columns(['app_id', 'owner', 'step', 'recipient']).doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows) await tellSkip(tx, owner, recipient, reason, logical);
}

async function tellSkip(
  tx: Tx,
  owner: MessageOwner,
  recipient: Recipient,
  reason: string,
  logical: Date,
): Promise<void> {
  await streamFacts(tx, owner.appId, sendFacts(owner, recipient, statusOfSkip(reason)), logical);
}

async function closeAttempt(
  tx: Tx,
  owner: MessageOwner,
  claim: CallClaim,
  answer: { outcome: string; detail: string | null },
  logical: Date,
): Promise<void> {
  await tx
    .updateTable('message_attempt')
    .set({ ...answer, answered_at: logical })
    .where('app_id', '=', owner.appId)
    .where('owner', '=', owner.owner)
    .where('seq', '=', claim.seq)
    .where('attempt', '=', claim.attempt)
    .execute();
}
