import type { UpdateObject } from 'kysely';
import type { Queryable, Tx } from '../db/database.ts';
import { streamFacts } from '../db/streams/streamRecords.ts';
import type { MessageState } from '../db/tables/messages.ts';
import type { Tables } from '../db/tables.ts';
import { RepointError } from '../domain/errors.ts';
import type { Rendered } from '../templates/rendered.ts';
import { type FreshClaim, insertClaims } from './insertClaims.ts';
import {
  type CallClaim,
  CLAIM_ALIVE_MS,
  type Claim,
  type ClaimTime,
  formatMessageId,
  type MessageOwner,
  type Recipient,
  type SettledClaim,
  SUPPRESSED,
  unknownCallsAllowed,
  type WaitClaim,
} from './ledger.ts';
import { type Look, look } from './look.ts';
import { type Kept, keepRendered, recordSkip } from './record.ts';
import { bodyOnceSettled, lockOwner, type MessageRow, recipientOf, templateOf } from './rows.ts';
import { callFacts } from './streamSend.ts';

/** Tells what a call will say, once for each call and before its claim is there for others; undefined: nothing is kept of it. */
export type Say = (call: CallClaim) => Promise<Omit<Kept, 'claim'> | undefined>;

const sayNothing: Say = async () => undefined;

/**
 * Asks for the right to call the provider, for each recipient of an owner's step, in the order given; each recipient
 * may be named once. No provider call without a `call` from here, committed; then `recordOutcome`. What `say` answers is
 * kept with the claim, so that a second attempt sends the same. Waits for other claims of the same owner.
 */
export async function claim(
  tx: Tx,
  owner: MessageOwner,
  recipients: readonly Recipient[],
  now: ClaimTime,
  say: Say = sayNothing,
): Promise<Claim[]> {
  if (recipients.length === 0) return [];
  await lockOwner(tx, owner);
  const { known, suppressed, next } = await lookAndSkip(tx, owner, recipients, now);
  const claims = new Map<string, Claim>();
  const fresh = recipients.filter((recipient) => !known.has(recipient.recipient));
  for (const call of await claimNew(tx, owner, fresh, now, say, next))
    claims.set(call.recipient.recipient, call);
  for (const row of known.values()) {
    const isSuppressed = suppressed.has(row.address);
    claims.set(row.recipient, await claimKnown[row.state]({ tx, owner, row, now, isSuppressed, say }));
  }
  const others = recipients.filter(({ recipient }) => !claims.has(recipient));
  // suppressed since they were looked at
  for (const answer of await claim(tx, owner, others, now, say))
    claims.set(answer.recipient.recipient, answer);
  return recipients.map(({ recipient }) => {
    const answer = claims.get(recipient);
    if (answer === undefined) throw new RepointError('Internal', 'A claim has no answer');
    return answer;
  });
}

/**
 * The same in one statement less than a look takes, for recipients of whom the ledger holds nothing, as nearly all: where it
 * does, where an address is suppressed or somebody claims at the same time, those are left out, for `claim` to answer.
 * @param db in no transaction of its own, it commits
 * @param next the number after the owner's last message: 1 before its first
 */
export async function claimNew(
  db: Queryable,
  owner: MessageOwner,
  recipients: readonly Recipient[],
  now: ClaimTime,
  say: Say,
  next: number,
): Promise<CallClaim[]> {
  if (recipients.length === 0) return [];
  const calls = recipients.map((recipient, index) => callClaim(owner, recipient, next + index, 1, null));
  const fresh: FreshClaim[] = [];
  for (const call of calls) fresh.push({ claim: call, ...(await say(call)) });
  const written = await insertClaims(db, owner, fresh, now);
  return written.map((one) => one.claim);
}

/** `claimNew` where the next number is known, and `claim` for those it leaves out, in a transaction of their own where `db` is none. */
export async function claimFrom(
  next: number | null,
  db: Queryable,
  owner: MessageOwner,
  recipients: readonly Recipient[],
  now: ClaimTime,
  say: Say,
): Promise<Claim[]> {
  const fresh = next === null ? [] : await claimNew(db, owner, recipients, now, say, next);
  const claimed = new Set(fresh.map((call) => call.recipient));
  const others = recipients.filter((recipient) => !claimed.has(recipient));
  if (others.length === 0) return fresh;
  const claimOthers = (tx: Tx) => claim(tx, owner, others, now, say);
  const answers = db.isTransaction ? claimOthers(db as Tx) : db.transaction().execute(claimOthers);
  return [...fresh, ...(await answers)];
}

/** Whoever is called next and may not be written to, by any app, is skipped. */
async function lookAndSkip(
  tx: Tx,
  owner: MessageOwner,
  recipients: readonly Recipient[],
  now: ClaimTime,
): Promise<Look> {
  const first = await look(tx, owner, recipients);
  if (first.suppressed.size === 0) return first;
  for (const recipient of recipients) {
    if (first.suppressed.has(recipient.address))
      await recordSkip(tx, owner, recipient, SUPPRESSED, now.logical);
  }
  return await look(tx, owner, recipients);
}

interface Known {
  readonly tx: Tx;
  readonly owner: MessageOwner;
  readonly row: MessageRow;
  readonly now: ClaimTime;
  readonly isSuppressed: boolean;
  readonly say: Say;
}

const claimKnown: Record<MessageState, (known: Known) => Promise<Claim>> = {
  queued: async (known) => (isHeld(known) ? wait(known.row, known.row.held_until) : callAgain(known)),
  claimed: async (known) => (isAlive(known) ? waitForOther(known) : claimUnknown(known)),
  unknown: async (known) => (known.row.settled_at === null ? claimUnknown(known) : settled(known.row)),
  sent: async ({ row }) => settled(row),
  delivered: async ({ row }) => settled(row),
  failed: async ({ row }) => settled(row),
  skipped: async ({ row }) => settled(row),
};

function isHeld(known: Known): known is Known & { row: { held_until: Date } } {
  const { row, now } = known;
  return row.held_until !== null && row.held_until > now.logical;
}

function isAlive({ row, now }: Known): boolean {
  return remainingMs(row, now) > 0;
}

function remainingMs(row: MessageRow, now: ClaimTime): number {
  return (row.claimed_at?.getTime() ?? 0) + CLAIM_ALIVE_MS - now.real.getTime();
}

function waitForOther({ row, now }: Known): WaitClaim {
  return wait(row, new Date(now.logical.getTime() + remainingMs(row, now)));
}

/** A call whose answer never came, or came as unknown: in its grace, given another call, or unknown for good. */
async function claimUnknown(known: Known): Promise<Claim> {
  const { tx, owner, row, now, isSuppressed } = known;
  if (row.state === 'claimed') await markUnknown(known);
  const graceEnds = new Date((row.attempted_at ?? row.created_at).getTime() + owner.graceMs);
  if (now.logical < graceEnds) return wait(row, graceEnds);
  const callsLeft = unknownCallsAllowed[row.class] - (await countUnknownCalls(tx, row));
  if (callsLeft > 0 && !isSuppressed) return callAgain(known);
  await updateMessage(tx, row, { state: 'unknown', settled_at: now.logical, rendered: bodyOnceSettled });
  return settled({ ...row, state: 'unknown', reason: row.reason ?? noAnswer });
}

const noAnswer = 'NO_ANSWER_RECORDED';

async function markUnknown({ tx, owner, row, now }: Known): Promise<void> {
  const told = callFacts(owner, recipientOf(row), { kind: 'unknown', reason: noAnswer });
  await streamFacts(tx, owner.appId, told, now.logical);
  await updateMessage(tx, row, { state: 'unknown', reason: noAnswer });
  await tx
    .updateTable('message_attempt')
    .set({ outcome: 'unknown', detail: noAnswer })
    .where('app_id', '=', row.app_id)
    .where('owner', '=', row.owner)
    .where('seq', '=', row.seq)
    .where('attempt', '=', row.attempt)
    .where('outcome', 'is', null)
    .execute();
}

async function countUnknownCalls(tx: Tx, row: MessageRow): Promise<number> {
  const counted = await tx
    .selectFrom('message_attempt')
    .select(({ fn }) => fn.countAll<string>().as('calls'))
    .where('app_id', '=', row.app_id)
    .where('owner', '=', row.owner)
    .where('seq', '=', row.seq)
    .where('outcome', '=', 'unknown')
    .executeTakeFirstOrThrow();
  return Number(counted.calls);
}

async function callAgain({ tx, owner, row, now, say }: Known): Promise<CallClaim> {
  const attempt = row.attempt + 1;
  await updateMessage(tx, row, {
    state: 'claimed',
    attempt,
    claimed_at: now.real,
    attempted_at: now.logical,
    reason: null,
    ...templateOf(owner),
  });
  await tx
    .insertInto('message_attempt')
    .values(newAttempt(owner, row.seq, attempt, now))
    .execute();
  // `rendered` was written from a Rendered
  const call = callClaim(owner, recipientOf(row), row.seq, attempt, row.rendered as Rendered | null);
  const said = await say(call);
  if (said !== undefined) await keepRendered(tx, owner, { claim: call, ...said });
  return call;
}

async function updateMessage(
  tx: Tx,
  row: MessageRow,
  change: UpdateObject<Tables, 'message'>,
): Promise<void> {
  await tx
    .updateTable('message')
    .set(change)
    .where('app_id', '=', row.app_id)
    .where('owner', '=', row.owner)
    .where('seq', '=', row.seq)
    .execute();
}

function newAttempt(owner: MessageOwner, seq: number, attempt: number, now: ClaimTime) {
  return { app_id: owner.appId, owner: owner.owner, seq, attempt, claimed_at: now.logical };
}

function callClaim(
  owner: MessageOwner,
  recipient: Recipient,
  seq: number,
  attempt: number,
  rendered: Rendered | null,
): CallClaim {
  const messageId = formatMessageId({ owner: owner.owner, seq }, attempt);
  return { kind: 'call', recipient, seq, attempt, messageId, rendered };
}

function wait(row: MessageRow, until: Date): WaitClaim {
  return {
    kind: 'wait',
    recipient: recipientOf(row),
    until,
    heldFor: row.state === 'queued' ? row.held_for : null,
  };
}

function settled(row: MessageRow): SettledClaim {
  const state = row.state;
  if (state === 'queued' || state === 'claimed')
    throw new RepointError('Internal', `${state} is not settled`);
  return {
    kind: 'settled',
    recipient: recipientOf(row),
    state,
    reason: row.reason,
    acceptedAt: row.accepted_at,
    heldFor: row.held_for,
    providerMessageId: row.provider_message_id,
  };
}
