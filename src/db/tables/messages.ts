import type { ColumnType, Generated } from 'kysely';

/**
 * - queued: certainly not sent (throttled, unreached, or held until `held_until`); the next claim calls again
 * - claimed: a call may be under way
 * - unknown: a call may have been made; for good once `settled_at` is set
 */
export type MessageState = 'queued' | 'claimed' | 'sent' | 'delivered' | 'failed' | 'skipped' | 'unknown';

export interface MessageTable {
  app_id: string;
  /** Entry, campaign run or request: a uuid v7. */
  owner: string;
  seq: number;
  owner_kind: 'entry' | 'campaign' | 'request';
  step: string;
  /** Endpoint id, or the address where there is no endpoint. */
  recipient: string;
  endpoint_id: string | null;
  participant: string | null;
  channel: string;
  channel_type: string;
  address: string;
  /** What a request's Context said: attributes of the message's events. */
  context: ColumnType<Record<string, string> | null, string | null | undefined, never>;
  class: 'marketing' | 'transactional';
  journey_id: string | null;
  campaign_id: string | null;
  state: MessageState;
  reason: string | null;
  attempt: Generated<number>;
  /** Real time, for the claim's age. */
  claimed_at: Date | null;
  /** Logical time of the latest claim: an unknown's grace starts here. */
  attempted_at: Date | null;
  /** Logical time of the claim that was accepted. */
  accepted_at: Date | null;
  provider_message_id: string | null;
  template_name: string | null;
  template_version: number | null;
  /** What it says, until it is settled. */
  rendered: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  /** How a request wants it sent. */
  choices: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
  /** `rendered` stays when it is settled, until upkeep removes it. */
  keeps_body: Generated<boolean>;
  /** No call before this logical instant, and why: QUIET_TIME, MESSAGES_PER_SECOND … Kept when it has passed. */
  held_until: Date | null;
  held_for: string | null;
  created_at: Date;
  settled_at: Date | null;
}

export interface MessageAttemptTable {
  app_id: string;
  owner: string;
  seq: number;
  attempt: number;
  /** Logical times. */
  claimed_at: Date;
  answered_at: Date | null;
  outcome: string | null;
  detail: string | null;
}
