import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { AppSettings } from '../../domain/appSettings.ts';
import type { JourneyDocument } from '../../domain/journey/document.ts';
import type { EntryMode } from '../../domain/journey/entryRules.ts';
import type { SplitEvaluation } from '../../domain/journey/verdict.ts';
import type { Defaulted, Json } from './columns.ts';

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
  entry_mode: EntryMode | null;
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
  /** When an operator last reset its workflow, as far as was seen. */
  reset_at: Date | null;
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
