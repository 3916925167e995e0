import { sql } from 'kysely';
import type { SendOutcome } from '../channels/channel.ts';
import type { Database, Queryable } from '../db/database.ts';
import { prepared } from '../db/prepared.ts';
import { insertFacts } from '../db/streamRecords.ts';
import type { MessageState } from '../db/tables/messages.ts';
import { createBatcher } from './batcher.ts';
import type { CallClaim, MessageOwner } from './ledger.ts';
import { bodyOnceSettled, hasOtherUnknownCall } from './rows.ts';
import { callFacts } from './streamSend.ts';

/** What the one call of a claim came to. */
export interface Answered {
  readonly owner: MessageOwner;
  readonly claim: CallClaim;
  readonly outcome: SendOutcome;
  /** When it was answered (logical time). */
  readonly logical: Date;
}

/** `retry`: it was certainly not sent, the next claim calls again. `erased`: there is nothing left to record it in. */
export type Recorded = 'sent' | 'failed' | 'retry' | 'unknown' | 'erased';

/** Answers that wait for each other, by the database they go to. */
const groups = new WeakMap<Database, ReturnType<typeof createGroup>>();

/**
 * Records what the one call of a claim came to, and answers what the message is now: feedback, or a later claim, may have
 * decided before. Recording it twice is harmless. Answers that come while others are being written are written together,
 * in one commit; where that fails, each by itself, so that none is lost by another's fault.
 * @param logical when it was answered
 */
export async function recordOutcome(
  db: Database,
  owner: MessageOwner,
  claim: CallClaim,
  outcome: SendOutcome,
  logical: Date,
): Promise<Recorded> {
  const group = groups.get(db) ?? createGroup(db);
  groups.set(db, group);
  const settled = await group(owner.appId, { owner, claim, outcome, logical });
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

function createGroup(db: Database) {
  return createBatcher((appId: string, some: readonly Answered[]) => settleAll(db, appId, some));
}

async function settleAll(
  db: Database,
  appId: string,
  some: readonly Answered[],
): Promise<PromiseSettledResult<Recorded>[]> {
  const [recorded] = await Promise.allSettled([recordOutcomes(db, appId, some)]);
  if (recorded.status === 'fulfilled') return recorded.value.map((value) => ({ status: 'fulfilled', value }));
  if (some.length === 1) return [recorded];
  return (await Promise.all(some.map((one) => settleAll(db, appId, [one])))).flat();
}

/** Records what calls of an app came to, in one statement; answers in their order, as `recordOutcome` does. */
export async function recordOutcomes(
  db: Queryable,
  appId: string,
  some: readonly Answered[],
): Promise<Recorded[]> {
  if (some.length === 0) return [];
  const each = <T>(value: (one: Answered) => T) => some.map(value);
  const facts = some.flatMap(({ owner, claim, outcome }) => callFacts(owner, claim.recipient, outcome));
  const newest = new Date(Math.max(...each(({ logical }) => logical.getTime())));
  const isThere = sql`exists (select from answer where answer.owner = fact.subject and answer.endpoint_id = fact."endpointId")`;
  const owners = sql`${[...new Set(each(({ owner }) => owner.owner))]}::uuid[]`;
  const seqs = sql`${[...new Set(each(({ claim }) => claim.seq))]}::int[]`;
  // Said beside the join, it lets no plan read more than these, whatever is known of the tables.
  const named = (table: string) => {
    const column = (name: string) => sql.ref(`${table}.${name}`);
    return sql`${column('app_id')} = ${appId} and ${column('owner')} = any(${owners}) and ${column('seq')} = any(${seqs})`;
  };
  const { rows } = await prepared<{ position: string; state: MessageState }>(
    'record outcomes',
    sql`
    with answer as materialized (
      select given.*, message.endpoint_id, message.state as was
      from unnest(
        ${each(({ owner }) => owner.owner)}::uuid[],
        ${each(({ claim }) => claim.seq)}::int[],
        ${each(({ claim }) => claim.attempt)}::int[],
        ${each(({ outcome }) => outcome.kind)}::text[],
        ${each(({ outcome }) => stateAfter[outcome.kind])}::text[],
        ${each(({ outcome }) => reasonOf(outcome))}::text[],
        ${each(({ outcome }) => (outcome.kind === 'accepted' ? outcome.providerMessageId : null))}::text[],
        ${each(({ logical }) => logical)}::timestamptz[]
      ) with ordinality as given (owner, seq, attempt, outcome, state, reason, provider_message_id, logical, position)
      join message on ${named('message')} and message.owner = given.owner and message.seq = given.seq
      order by given.owner, given.seq for update of message),
    closed as (
      update message_attempt as call set outcome = answer.outcome, detail = answer.reason, answered_at = answer.logical
      from answer where ${named('call')} and call.owner = answer.owner and call.seq = answer.seq
        and call.attempt = answer.attempt),
    told as (${insertFacts(appId, facts, newest, isThere)}),
    changed as (
      update message set
        state = case
          when answer.state = 'sent' and message.accepted_at is not null then message.state
          when answer.state = 'failed' and ${hasOtherUnknownCall(sql`answer.attempt`)} then 'unknown'
          else answer.state end,
        reason = case when answer.state <> 'sent' then answer.reason when message.accepted_at is not null then message.reason end,
        accepted_at = case when answer.state = 'sent' then coalesce(message.accepted_at, message.attempted_at) else message.accepted_at end,
        settled_at = case
          when answer.state = 'failed' or (answer.state = 'sent' and message.accepted_at is null) then answer.logical
          when answer.state = 'sent' then message.settled_at end,
        provider_message_id = coalesce(answer.provider_message_id, message.provider_message_id),
        rendered = case when answer.state in ('sent', 'failed') then ${bodyOnceSettled} else message.rendered end
      from answer where ${named('message')} and message.owner = answer.owner and message.seq = answer.seq
        -- The provider's word that it has the message holds against whatever was believed since; other answers only while open.
        and (answer.state = 'sent' or
          (message.attempt = answer.attempt and message.state in ('claimed', 'unknown') and message.settled_at is null))
      returning answer.position, message.state)
    select answer.position, coalesce(changed.state, answer.was) as state
    from answer left join changed on changed.position = answer.position`,
  ).execute(db);
  const states = new Map(rows.map(({ position, state }) => [Number(position), state]));
  return some.map((_, index) => {
    const state = states.get(index + 1);
    return state === undefined ? 'erased' : recordedAs[state];
  });
}

const stateAfter: Record<SendOutcome['kind'], MessageState> = {
  accepted: 'sent',
  throttled: 'queued',
  unreached: 'queued',
  refused: 'failed',
  unknown: 'unknown',
};

function reasonOf(outcome: SendOutcome): string | null {
  if (outcome.kind === 'accepted') return null;
  return outcome.kind === 'refused' ? `${outcome.code}: ${outcome.reason}` : outcome.reason;
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
