import { sql } from 'kysely';
import type { SendOutcome } from '../channels/channel.ts';
import { json, type Queryable, type Tx } from '../db/database.ts';
import { insertFacts, streamFacts } from '../db/streamRecords.ts';
import type { MessageState } from '../db/tables/messages.ts';
import { RepointError } from '../domain/errors.ts';
import { statusOfSkip } from '../domain/stream/sendStatus.ts';
import type { Rendered } from '../templates/rendered.ts';
import type { SendingChoices } from './compose.ts';
import type { CallClaim, MessageOwner, Recipient } from './ledger.ts';
import { bodyOnceSettled, lockOwner, newRow, nextSeq } from './rows.ts';
import { callFacts, sendFacts } from './streamSend.ts';

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
  if (claim !== null)
    await closeAttempt(tx, owner, claim, { outcome: 'skipped', detail: reason }, logical).execute();
  const updated = await tx
    .updateTable('message')
    .set({
      state: unlessUnknown('skipped', claim?.attempt ?? 0),
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

export type Recorded = 'sent' | 'failed' | 'retry' | 'unknown';

/**
 * Records what the one call of a claim came to, and answers what the message is now: feedback, or a later claim, may have
 * decided before. `retry`: it was certainly not sent, the next claim calls again.
 */
export async function recordOutcome(
  db: Queryable,
  owner: MessageOwner,
  claim: CallClaim,
  outcome: SendOutcome,
  logical: Date,
): Promise<Recorded> {
  const reason = outcome.kind === 'accepted' ? null : reasonOf(outcome);
  const told = callFacts(owner, claim.recipient, outcome);
  const changed = await db
    .with('attempt', (query) =>
      closeAttempt(query, owner, claim, { outcome: outcome.kind, detail: reason }, logical).returning('seq'),
    )
    .with('told', () => sql`(${insertFacts(owner.appId, told, logical, sql`exists (select from attempt)`)})`)
    .updateTable('message')
    .set(
      outcome.kind === 'accepted'
        ? accepted(outcome, logical)
        : notAccepted(outcome.kind, claim, reason, logical),
    )
    .where('app_id', '=', owner.appId)
    .where('owner', '=', owner.owner)
    .where('seq', '=', claim.seq)
    // The provider's word that it has the message holds against whatever was believed since; other answers only while open.
    .$if(outcome.kind !== 'accepted', (query) =>
      query
        .where('attempt', '=', claim.attempt)
        .where('state', 'in', ['claimed', 'unknown'])
        .where('settled_at', 'is', null),
    )
    .returning('state')
    .executeTakeFirst();
  return recordedAs[changed?.state ?? (await currentState(db, owner, claim))];
}

function reasonOf(outcome: Exclude<SendOutcome, { kind: 'accepted' }>): string {
  return outcome.kind === 'refused' ? `${outcome.code}: ${outcome.reason}` : outcome.reason;
}

/** A report that came before the answer (a bounce, a delivery) stays. */
function accepted(outcome: Extract<SendOutcome, { kind: 'accepted' }>, logical: Date) {
  return {
    state: sql<MessageState>`case when accepted_at is null then 'sent' else state end`,
    reason: sql<string | null>`case when accepted_at is not null then reason end`,
    accepted_at: sql<Date>`coalesce(accepted_at, attempted_at)`,
    settled_at: sql<Date>`case when accepted_at is null then ${logical} else settled_at end`,
    provider_message_id: outcome.providerMessageId,
    rendered: bodyOnceSettled,
  };
}

const stateAfter = {
  throttled: 'queued',
  unreached: 'queued',
  refused: 'failed',
  unknown: 'unknown',
} as const;

function notAccepted(kind: keyof typeof stateAfter, claim: CallClaim, reason: string | null, logical: Date) {
  const state = stateAfter[kind];
  return {
    state: state === 'failed' ? unlessUnknown(state, claim.attempt) : state,
    reason,
    ...(state === 'failed' ? { settled_at: logical, rendered: bodyOnceSettled } : { settled_at: null }),
  };
}

/** `state`, or `unknown` where another call of the message may have been received. */
function unlessUnknown(state: MessageState, attempt: number) {
  return sql<MessageState>`case when exists (
    select from message_attempt a
    where a.app_id = message.app_id and a.owner = message.owner and a.seq = message.seq and a.outcome = 'unknown'
      and a.attempt <> ${attempt}
  ) then 'unknown' else ${state} end`;
}

function closeAttempt(
  db: Pick<Queryable, 'updateTable'>,
  owner: MessageOwner,
  claim: CallClaim,
  answer: { outcome: string; detail: string | null },
  logical: Date,
) {
  return db
    .updateTable('message_attempt')
    .set({ ...answer, answered_at: logical })
    .where('app_id', '=', owner.appId)
    .where('owner', '=', owner.owner)
    .where('seq', '=', claim.seq)
    .where('attempt', '=', claim.attempt);
}

const recordedAs: Record<MessageState, Recorded> = {
  queued: 'retry',
  claimed: 'unknown',
  sent: 'sent',
  delivered: 'sent',
  failed: 'failed',
  skipped: 'failed',
  unknown: 'unknown',
};

async function currentState(db: Queryable, owner: MessageOwner, claim: CallClaim): Promise<MessageState> {
  const row = await db
    .selectFrom('message')
    .select('state')
    .where('app_id', '=', owner.appId)
    .where('owner', '=', owner.owner)
    .where('seq', '=', claim.seq)
    .executeTakeFirst();
  if (row === undefined) throw new RepointError('NotFound', 'The message was erased while it was sent');
  return row.state;
}
