import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { AppSettings } from '../domain/appSettings.ts';
import type { CampaignDocument } from '../domain/campaign/document.ts';
import type { ImportDefinition } from '../domain/importDefinition.ts';
import type { JourneyDocument } from '../domain/journey/document.ts';
import type { SplitEvaluation } from '../domain/journey/verdict.ts';
import type { SegmentDocument } from '../domain/segment/document.ts';

/** A jsonb column: read parsed, written as JSON text (`json(value)` in database.ts). */
type Json<T extends object> = JSONColumnType<T, string, string>;
type Defaulted<T extends object> = ColumnType<T, string | undefined, string>;
type StringLists = Record<string, string[]>;
type Tags = Record<string, string>;

export interface Tables {
  app: AppTable;
  installation: { name: string; value: string };
  channel: ChannelTable;
  app_user: UserTable;
  endpoint: EndpointTable;
  dirty_endpoint: { seq: GeneratedAlways<string>; app_id: string; endpoint_id: string };
  segment: SegmentTable;
  segment_version: SegmentVersionTable;
  template: TemplateTable;
  template_version: TemplateVersionTable;
  campaign: CampaignTable;
  campaign_version: CampaignVersionTable;
  campaign_run: CampaignRunTable;
  journey: JourneyTable;
  journey_pause: { app_id: string; journey_id: string; paused_at: Date; resumed_at: Date | null };
  journey_run: JourneyRunTable;
  journey_run_count: JourneyRunCountTable;
  journey_pace: { app_id: string; journey_id: string; next_turn: ColumnType<string, number, string> };
  journey_member: JourneyMemberTable;
  journey_entry: JourneyEntryTable;
  journey_step: JourneyStepTable;
  event_watch: EventWatchTable;
  event: EventTable;
  event_key: EventKeyTable;
  message: MessageTable;
  message_attempt: MessageAttemptTable;
  request_key: { app_id: string; key: string; owner: string; created_at: Date };
  webhook: { app_id: string; url: string; confirmed_at: Date };
  outbox: OutboxTable;
  outbox_dead: OutboxDeadTable;
  import_job: ImportJobTable;
  import_piece: ImportPieceTable;
  import_failure: ImportFailureTable;
}

export interface AppTable {
  id: string;
  name: string;
  tags: Defaulted<Tags>;
  upstream_app_id: string | null;
  /** Divides the durations of journeys published from now on; null: REPOINT_TIME_SCALE says. */
  time_scale: number | null;
  /** When splits of journeys published from now on are judged; null: REPOINT_SPLIT_EVALUATION says. */
  split_evaluation: SplitEvaluation | null;
  /** When members enter the journeys published from now on; null: REPOINT_ENTRY says. */
  entry_mode: 'live' | 'original' | null;
  /** As UpdateApplicationSettings wrote them last; copied into the journeys that are created. */
  settings: Defaulted<AppSettings>;
  settings_modified_at: Date | null;
  created_at: Date;
  modified_at: Date;
}

export interface ChannelTable {
  app_id: string;
  /** Pinpoint's platform word: EMAIL, SMS, APNS, GCM … */
  kind: string;
  enabled: boolean;
  has_credential: Generated<boolean>;
  /** The request without any credential. */
  settings: Defaulted<Record<string, unknown>>;
  version: number;
  created_at: Date;
  modified_at: Date;
}

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

export interface SegmentTable {
  app_id: string;
  id: string;
  type: string;
  version: number;
  tags: Defaulted<Tags>;
  created_at: Date;
  modified_at: Date;
}

export interface SegmentVersionTable {
  app_id: string;
  segment_id: string;
  version: number;
  name: string | null;
  /** The form that was sent: `{ Dimensions }` or `{ SegmentGroups }`. */
  document: Json<SegmentDocument>;
  created_at: Date;
}

export interface TemplateTable {
  name: string;
  type: string;
  active_version: number;
  latest_version: number;
  tags: Defaulted<Tags>;
  created_at: Date;
  modified_at: Date;
}

export interface TemplateVersionTable {
  name: string;
  type: string;
  version: number;
  document: Json<Record<string, unknown>>;
  created_at: Date;
  modified_at: Date;
}

export interface CampaignTable {
  app_id: string;
  id: string;
  version: number;
  /** Pinpoint's CampaignStatus. */
  state: string;
  tags: Defaulted<Tags>;
  created_at: Date;
}

export interface CampaignVersionTable {
  app_id: string;
  campaign_id: string;
  version: number;
  document: Json<CampaignDocument>;
  segment_id: string;
  segment_version: number;
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
  /** Why it ended before everyone was reached (MAXIMUM_DURATION, CAMPAIGN_DELETED, SEGMENT_DELETED). */
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

export interface JourneyTable {
  app_id: string;
  id: string;
  name: string;
  state: string;
  /** The canonical document. */
  document: Json<JourneyDocument>;
  /** The app's settings when it was created. */
  defaults: Defaulted<AppSettings>;
  segment_id: string | null;
  /** The version it keeps to; null: the latest. */
  segment_version: number | null;
  time_scale: Generated<number>;
  /** When its splits are judged, fixed when it is published; before, null: the app's or the setting's. */
  split_evaluation: SplitEvaluation | null;
  /** When its members enter; null in a draft that leaves it to REPOINT_ENTRY. */
  entry_mode: 'live' | 'original' | null;
  /** Who matches when it is published counts as entered already. */
  skips_present: Generated<boolean>;
  /** The type of the event that starts it; null: members of the segment enter. */
  entry_event_type: string | null;
  /** Counts the reasons to ask the whole segment again. */
  passes_wanted: Generated<number>;
  /** Counts resumes, so that a wake of an earlier pause is recognised. */
  epoch: Generated<number>;
  starts_at: Date | null;
  ends_at: Date | null;
  published_at: Date | null;
  cancelled_at: Date | null;
  /** A deleted journey that has run keeps its row, CANCELLED, for what it sent. */
  deleted_at: Date | null;
  created_at: Date;
  modified_at: Date;
}

export interface JourneyRunTable {
  app_id: string;
  id: string;
  journey_id: string;
  /** 0: the start; then the refreshes. */
  no: number;
  /** Pinpoint's JourneyRunStatus. */
  state: 'SCHEDULED' | 'RUNNING' | 'COMPLETED' | 'CANCELLED';
  /** The version of the segment its pass asks; null without a segment. */
  segment_version: number | null;
  /** The journey's `passes_wanted` when its latest pass began. */
  pass: Generated<number>;
  /** The last endpoint id its pass has looked at. */
  position: Generated<string>;
  /** When its latest pass came to the end; null while it is under way. */
  pass_done_at: Date | null;
  passes_done: Generated<number>;
  started_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface JourneyRunCountTable {
  app_id: string;
  id: GeneratedAlways<string>;
  run_id: string;
  /** Pinpoint's name of it: ENDPOINT_ENTERED … */
  metric: string;
  count: ColumnType<string, number, number>;
}

export interface JourneyMemberTable {
  app_id: string;
  journey_id: string;
  participant: string;
  matching: boolean;
  match_no: number;
  /** The latest match that was answered: by an entry, or by a refusal to enter again. */
  decided_no: Generated<number>;
  /** Why a matching participant was not entered (ENDPOINT_OPT_OUT …). */
  refused: string | null;
  updated_at: Date;
}

export interface JourneyEntryTable {
  app_id: string;
  id: string;
  journey_id: string;
  /** The endpoint the entry is anchored on. */
  endpoint_id: string;
  participant: string;
  user_id: string | null;
  /** `match:n`, `run:id` or `event:key`. */
  cause: string;
  /** The run that counts it. */
  run_id: string | null;
  /** The version of the journey's segment by which it entered. */
  segment_version: number | null;
  /** The event that started it. */
  event_id: string | null;
  entered_at: Date;
  /** When the relay learned that the workflow exists. */
  start_confirmed_at: Date | null;
  /** The last step that is done. */
  position: string | null;
  /** The step that acts next, looked for through waits; null: none was done yet, or none comes. */
  next_step: string | null;
  wake_at: Date | null;
  parked_epoch: number | null;
  ended_at: Date | null;
  end_reason: string | null;
}

export interface JourneyStepTable {
  app_id: string;
  entry_id: string;
  step: string;
  kind: string;
  at: Date;
  decision: string | null;
  reason: string | null;
  /** The order in which steps were written. */
  seq: GeneratedAlways<string>;
}

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
  rendered: ColumnType<Record<string, unknown> | null, string | null, string | null>;
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

export interface OutboxTable {
  id: GeneratedAlways<string>;
  /** 0 wakes, 1 starts, 2 the rest: lower first. */
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

export type ImportJobStatus =
  | 'CREATED'
  | 'PREPARING_FOR_INITIALIZATION'
  | 'INITIALIZING'
  | 'PROCESSING'
  | 'COMPLETING'
  | 'COMPLETED'
  | 'FAILING'
  | 'FAILED';

export interface ImportJobTable {
  app_id: string;
  id: string;
  definition: Json<ImportDefinition>;
  status: ImportJobStatus;
  created_at: Date;
  completed_at: Date | null;
}

/** One file of an import job. */
export interface ImportPieceTable {
  app_id: string;
  job_id: string;
  /** Counts from 1, in key order. */
  no: number;
  bucket: string;
  key: string;
  /** The key below the job's url, as failures show it. */
  name: string;
  /** Tells whether the file was changed since it was listed (S3's ETag). */
  version: string;
  size_bytes: ColumnType<string, number, never>;
  state: 'pending' | 'done' | 'failed';
  /** Lines that are settled, blank ones included: where the next attempt goes on. */
  lines_done: ColumnType<string, number | undefined, number>;
  processed: ColumnType<string, number | undefined, number>;
  failed: ColumnType<string, number | undefined, number>;
}

export interface ImportFailureTable {
  app_id: string;
  job_id: string;
  /** The piece's number; 0: the job as a whole. */
  piece: number;
  /** 0: the file as a whole. */
  line: ColumnType<string, number, never>;
  message: string;
}
