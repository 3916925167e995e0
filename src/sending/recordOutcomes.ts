import { type RawBuilder, sql } from 'kysely';
import type { SendOutcome } from '../channels/channel.ts';
import type { Queryable } from '../db/database.ts';
import { insertFacts } from '../db/streams/streamRecords.ts';
import type { MessageState } from '../db/tables/messages.ts';
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

/** Records what calls of an app came to, each of another message, in one statement; answers in their order, as `recordOutcome` does. */
export async function recordOutcomes(
  db: Queryable,
  appId: string,
  some: readonly Answered[],
): Promise<Recorded[]> {
  if (some.length === 0) return [];
  const named = rowsOf(appId, some);
  const { rows } = await sql<{ position: string; state: MessageState }>`
    with answer as materialized (${answers(appId, some)}),
    closed as (
      update message_attempt set outcome = answer.outcome, detail = answer.reason, answered_at = answer.logical
      from answer where ${named.attempts} and message_attempt.owner = answer.owner
        and message_attempt.seq = answer.seq and message_attempt.attempt = answer.attempt),
    told as (${tell(appId, some)}),
    changed as (${changeMessages(named.messages)} returning answer.position, message.state)
    select answer.position, coalesce(changed.state, answer.was) as state
    from answer left join changed on changed.position = answer.position`.execute(db);
  const states = new Map(rows.map(({ position, state }) => [Number(position), state]));
  return some.map((_, index) => {
    const state = states.get(index + 1);
    return state === undefined ? 'erased' : recordedAs[state];
  });
}

/** Said beside a join, these let no plan read more than the messages that were called, whatever is known of the tables. */
interface Named {
  readonly messages: RawBuilder<unknown>;
  readonly attempts: RawBuilder<unknown>;
}

function rowsOf(appId: string, some: readonly Answered[]): Named {
  const distinct = <T>(value: (one: Answered) => T) => [...new Set(some.map(value))];
  const owners = distinct(({ owner }) => owner.owner);
  const seqs = distinct(({ claim }) => claim.seq);
  const steps = distinct(({ owner }) => owner.step);
  const recipients = distinct(({ claim }) => claim.recipient.recipient);
  return {
    messages: sql`message.app_id = ${appId} and message.owner = any(${owners}::uuid[])
      and message.seq = any(${seqs}::int[])
      and message.step = any(${steps}::text[]) and message.recipient = any(${recipients}::text[])`,
    attempts: sql`message_attempt.app_id = ${appId} and message_attempt.owner = any(${owners}::uuid[])
      and message_attempt.seq = any(${seqs}::int[])`,
  };
}

/**
 * The answers with what their messages are, locked in one order; without those that were erased. Rows are named by both
 * unique keys, here and below, lest one of them be used by its beginning alone: a campaign's run is one owner of all its messages.
 */
function answers(appId: string, some: readonly Answered[]): RawBuilder<unknown> {
  const each = <T>(value: (one: Answered) => T) => some.map(value);
  return sql`
    select given.*, message.endpoint_id, message.state as was
    from (select * from unnest(
      ${each(({ owner }) => owner.owner)}::uuid[],
      ${each(({ claim }) => claim.seq)}::int[],
      ${each(({ owner }) => owner.step)}::text[],
      ${each(({ claim }) => claim.recipient.recipient)}::text[],
      ${each(({ claim }) => claim.attempt)}::int[],
      ${each(({ outcome }) => outcome.kind)}::text[],
      ${each(({ outcome }) => stateAfter[outcome.kind])}::text[],
      ${each(({ outcome }) => reasonOf(outcome))}::text[],
      ${each(({ outcome }) => (outcome.kind === 'accepted' ? outcome.providerMessageId : null))}::text[],
      ${each(({ logical }) => logical)}::timestamptz[]
    ) with ordinality as given
      (owner, seq, step, recipient, attempt, outcome, state, reason, provider_message_id, logical, position)
      order by owner, seq) as given
    cross join lateral (
      select endpoint_id, state from message
      where app_id = ${appId} and owner = given.owner and seq = given.seq and step = given.step and recipient = given.recipient
      for update) as message`;
}

/** What the app's event stream is told of calls whose messages are still there. */
function tell(appId: string, some: readonly Answered[]): RawBuilder<unknown> {
  const facts = some.flatMap(({ owner, claim, outcome }) => callFacts(owner, claim.recipient, outcome));
  const newest = new Date(Math.max(...some.map(({ logical }) => logical.getTime())));
  const isThere = sql`exists (select from answer
    where answer.owner = fact.subject and answer.endpoint_id = fact."endpointId")`;
  return insertFacts(appId, facts, newest, isThere);
}

/**
 * A report that came before the answer (a bounce, a delivery) stays. The provider's word that it has the message holds against
 * whatever was believed since; other answers only while the message waits for this call's.
 */
function changeMessages(called: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    update message set
      state = case
        when answer.state = 'sent' and message.accepted_at is not null then message.state
        when answer.state = 'failed' and ${hasOtherUnknownCall(sql`answer.attempt`)} then 'unknown'
        else answer.state end,
      reason = case
        when answer.state <> 'sent' then answer.reason
        when message.accepted_at is not null then message.reason end,
      accepted_at = case
        when answer.state = 'sent' then coalesce(message.accepted_at, message.attempted_at)
        else message.accepted_at end,
      settled_at = case
        when answer.state = 'failed' or (answer.state = 'sent' and message.accepted_at is null) then answer.logical
        when answer.state = 'sent' then message.settled_at end,
      provider_message_id = coalesce(answer.provider_message_id, message.provider_message_id),
      rendered = case when answer.state in ('sent', 'failed') then ${bodyOnceSettled} else message.rendered end
    from answer where ${called} and message.owner = answer.owner and message.seq = answer.seq
      and message.step = answer.step and message.recipient = answer.recipient
      and (answer.state = 'sent' or
        (message.attempt = answer.attempt and message.state in ('claimed', 'unknown') and message.settled_at is null))`;
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
