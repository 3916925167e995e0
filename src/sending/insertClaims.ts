import { sql } from 'kysely';
import { json, type Queryable } from '../db/database.ts';
import { askSuppressed } from '../db/people/suppressions.ts';
import { prepared } from '../db/prepared.ts';
import type { ClaimTime, MessageOwner } from './ledger.ts';
import type { Kept } from './record.ts';
import { ownerLock } from './rows.ts';

/** A first call of a message, and what it will say where that is kept. */
export type FreshClaim = Pick<Kept, 'claim'> & Partial<Kept>;

/**
 * Writes messages whose first call is claimed, with that call and what it will say, in one statement, which takes the
 * owner's lock before it writes. Nothing is written where an address is
 * suppressed; what the ledger knows, or numbers the same, is left out.
 * @returns those that were written
 */
export async function insertClaims(
  db: Queryable,
  owner: MessageOwner,
  fresh: readonly FreshClaim[],
  now: ClaimTime,
): Promise<FreshClaim[]> {
  const each = <T>(value: (one: FreshClaim) => T): (T | null)[] => fresh.map((one) => value(one) ?? null);
  const document = (value: (one: FreshClaim) => unknown) =>
    each((one) => (value(one) === undefined ? null : json(value(one))));
  const recipients = each(({ claim }) => claim.recipient.recipient);
  const suppressed = askSuppressed(
    owner.channel,
    fresh.map(({ claim }) => claim.recipient.address),
  );
  const { rows } = await prepared<{ seq: number }>(
    'claim messages',
    sql`
    with locked as materialized (select ${ownerLock(owner)}),
    claimed as (
      insert into message (app_id, owner, owner_kind, step, channel, class, journey_id, campaign_id, keeps_body,
        state, attempt, created_at, attempted_at, claimed_at,
        seq, recipient, endpoint_id, participant, channel_type, address, context,
        rendered, choices, template_name, template_version)
      select ${owner.appId}, ${owner.owner}, ${owner.kind}, ${owner.step}, ${owner.channel}, ${owner.class},
        ${owner.journeyId ?? null}, ${owner.campaignId ?? null}, ${owner.keepsBody ?? false},
        'claimed', 1, ${now.logical}::timestamptz, ${now.logical}::timestamptz, ${now.real}::timestamptz, fresh.*
      from unnest(
        ${each(({ claim }) => claim.seq)}::int[],
        ${recipients}::text[],
        ${each(({ claim }) => claim.recipient.endpointId)}::text[],
        ${each(({ claim }) => claim.recipient.participant)}::text[],
        ${each(({ claim }) => claim.recipient.channelType)}::text[],
        ${each(({ claim }) => claim.recipient.address)}::text[],
        ${document(({ claim }) => claim.recipient.context)}::jsonb[],
        ${document(({ rendered }) => rendered)}::jsonb[],
        ${document(({ choices }) => choices)}::jsonb[],
        ${each(({ template }) => (template ?? owner.template)?.name)}::text[],
        ${each(({ template }) => (template ?? owner.template)?.version)}::int[]
      ) as fresh cross join locked
      where not exists (${suppressed.query})
      on conflict do nothing
      returning app_id, owner, seq, attempt, attempted_at)
    insert into message_attempt (app_id, owner, seq, attempt, claimed_at) select * from claimed returning seq`,
  ).execute(db);
  const written = new Set(rows.map(({ seq }) => seq));
  return fresh.filter(({ claim }) => written.has(claim.seq));
}
