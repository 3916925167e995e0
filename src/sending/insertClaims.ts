import { sql } from 'kysely';
import { json, type Tx } from '../db/database.ts';
import type { ClaimTime, MessageOwner } from './ledger.ts';
import type { Kept } from './record.ts';

/** A first call of a message, and what it will say where that is kept. */
export type FreshClaim = Pick<Kept, 'claim'> & Partial<Kept>;

/** Writes messages whose first call is claimed, with that call and what it will say, in one statement. */
export async function insertClaims(
  tx: Tx,
  owner: MessageOwner,
  fresh: readonly FreshClaim[],
  now: ClaimTime,
): Promise<void> {
  const each = <T>(value: (one: FreshClaim) => T): (T | null)[] => fresh.map((one) => value(one) ?? null);
  const document = (value: (one: FreshClaim) => unknown) =>
    each((one) => (value(one) === undefined ? null : json(value(one))));
  await sql`
    with claimed as (
      insert into message (app_id, owner, owner_kind, step, channel, class, journey_id, campaign_id, keeps_body,
        state, attempt, created_at, attempted_at, claimed_at,
        seq, recipient, endpoint_id, participant, channel_type, address, context,
        rendered, choices, template_name, template_version)
      select ${owner.appId}, ${owner.owner}, ${owner.kind}, ${owner.step}, ${owner.channel}, ${owner.class},
        ${owner.journeyId ?? null}, ${owner.campaignId ?? null}, ${owner.keepsBody ?? false},
        'claimed', 1, ${now.logical}, ${now.logical}, ${now.real}, fresh.*
      from unnest(
        ${each(({ claim }) => claim.seq)}::int[],
        ${each(({ claim }) => claim.recipient.recipient)}::text[],
        ${each(({ claim }) => claim.recipient.endpointId)}::text[],
        ${each(({ claim }) => claim.recipient.participant)}::text[],
        ${each(({ claim }) => claim.recipient.channelType)}::text[],
        ${each(({ claim }) => claim.recipient.address)}::text[],
        ${document(({ claim }) => claim.recipient.context)}::jsonb[],
        ${document(({ rendered }) => rendered)}::jsonb[],
        ${document(({ choices }) => choices)}::jsonb[],
        ${each(({ template }) => (template ?? owner.template)?.name)}::text[],
        ${each(({ template }) => (template ?? owner.template)?.version)}::int[]
      ) as fresh
      returning app_id, owner, seq, attempt, attempted_at)
    insert into message_attempt (app_id, owner, seq, attempt, claimed_at) select * from claimed`.execute(tx);
}
