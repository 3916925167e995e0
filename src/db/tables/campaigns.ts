import type { ColumnType, Generated } from 'kysely';
import type { AppSettings } from '../../domain/appSettings.ts';
import type { CampaignDocument } from '../../domain/campaign/document.ts';
import type { Defaulted, Json, Tags } from './columns.ts';

export interface CampaignTable {
  app_id: string;
  id: string;
  version: number;
  /** Pinpoint's CampaignStatus. */
  state: string;
  tags: Defaulted<Tags>;
  /** The app's settings when the campaign was created: what counts where it says nothing itself. */
  defaults: Defaulted<AppSettings>;
  created_at: Date;
}

export interface CampaignVersionTable {
  app_id: string;
  campaign_id: string;
  version: number;
  document: Json<CampaignDocument>;
  segment_id: string;
  segment_version: number;
  /** Why Repoint itself paused the campaign by this version (OPERATOR_TERMINATED …); null: its author wrote it. */
  paused_because: string | null;
  created_at: Date;
}

export interface CampaignRunTable {
  app_id: string;
  /** Owns the run's messages: a uuid v7. */
  id: string;
  campaign_id: string;
  /** The version that ran it last: an open run is taken over by the campaign's next version. */
  campaign_version: number;
  /** Pinpoint's words for an activity: RUNNING, PAUSED, CANCELLED, COMPLETED. */
  state: string;
  result: string | null;
  /**
   * Why it ended before everyone was reached (MAXIMUM_DURATION, CAMPAIGN_DELETED, SEGMENT_DELETED), or was paused although
   * nobody asked the API for it (OPERATOR_TERMINATED, OPERATOR_CANCELLED, WORKFLOW_FAILED).
   */
  reason: string | null;
  scheduled_start: Date;
  started_at: Date;
  expires_at: Date | null;
  ended_at: Date | null;
  /** What the run's messages had come to when it ended; counted afresh while it is open. */
  outcomes: ColumnType<Record<string, number> | null, string | null, string | null>;
  /** The last endpoint id that was settled. */
  position: Generated<string>;
}
