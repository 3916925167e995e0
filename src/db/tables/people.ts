import type { Defaulted, StringLists } from './columns.ts';

export interface UserTable {
  app_id: string;
  id: string;
  attributes: Defaulted<StringLists>;
  updated_at: Date;
}

export interface EndpointTable {
  app_id: string;
  id: string;
  user_id: string | null;
  channel_type: string | null;
  address: string | null;
  status: string;
  opt_out: string;
  /** When somebody last said so, or the contrary; null when nobody did. */
  opt_out_at: Date | null;
  attributes: Defaulted<StringLists>;
  metrics: Defaulted<Record<string, number>>;
  demographic: Defaulted<Record<string, string>>;
  location: Defaulted<Record<string, string | number>>;
  /** The user attributes of an endpoint that belongs to nobody; empty while it has a user, whose attributes count. */
  unclaimed_attributes: Defaulted<StringLists>;
  request_id: string | null;
  cohort: number;
  effective_date: Date;
  created_at: Date;
  updated_at: Date;
}
