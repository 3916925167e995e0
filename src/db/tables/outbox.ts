import type { Generated, GeneratedAlways } from 'kysely';
import type { Defaulted, Json } from './columns.ts';

export interface OutboxTable {
  id: GeneratedAlways<string>;
  /** 0 wakes and what owns a journey, a campaign or an import, 1 entries, 2 the rest: lower first. */
  lane: number;
  kind: string;
  app_id: string;
  entry_id: string | null;
  workflow_id: string;
  payload: Defaulted<Record<string, unknown>>;
  /** Logical time. */
  not_before: Date;
  attempts: Generated<number>;
  /** Real time. */
  leased_until: Date | null;
  last_error: string | null;
  created_at: Date;
}

export interface OutboxDeadTable {
  id: string;
  kind: string;
  app_id: string;
  entry_id: string | null;
  workflow_id: string;
  payload: Json<Record<string, unknown>>;
  attempts: number;
  last_error: string | null;
  died_at: Date;
}
