import type { Generated } from 'kysely';
import type { AppSettings } from '../../domain/appSettings.ts';
import type { EntryMode } from '../../domain/journey/entryRules.ts';
import type { SplitEvaluation } from '../../domain/journey/verdict.ts';
import type { Defaulted, Tags } from './columns.ts';

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
  entry_mode: EntryMode | null;
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
  /** The access key that wrote it last; null for one from before that was kept. */
  modified_by: string | null;
  created_at: Date;
  modified_at: Date;
}
