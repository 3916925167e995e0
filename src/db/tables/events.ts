import type { GeneratedAlways } from 'kysely';
import type { Defaulted } from './columns.ts';

export interface EventWatchTable {
  app_id: string;
  id: GeneratedAlways<string>;
  entry_id: string;
  participant: string;
  /** The split that watches, and which of its conditions. */
  step: string;
  condition: number;
  event_types: string[];
  /** Only events of the message this step sent; null: any event of the participant. */
  message_step: string | null;
  /** Whether a match can settle the split before its end, and so is worth a wake. */
  wakes: boolean;
  /** When the split is open; null while that is not known. */
  active_from: Date | null;
  matched_event: string | null;
  matched_at: Date | null;
  closed_at: Date | null;
}

export interface EventTable {
  app_id: string;
  id: string;
  endpoint_id: string;
  participant: string;
  type: string;
  event_id: string | null;
  occurred_at: Date;
  received_at: Date;
  attributes: Defaulted<Record<string, string>>;
  metrics: Defaulted<Record<string, number>>;
  /** Session, app version and SDK names, as they came. */
  details: Defaulted<Record<string, unknown>>;
  message_owner: string | null;
  message_seq: number | null;
}

export interface EventKeyTable {
  app_id: string;
  endpoint_id: string;
  event_id: string;
  type: string;
  occurred_at: string;
  received_at: Date;
}
