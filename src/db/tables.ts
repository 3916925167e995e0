import type { GeneratedAlways } from 'kysely';
import type { AppTable, ChannelTable } from './tables/apps.ts';
import type { CampaignRunTable, CampaignTable, CampaignVersionTable } from './tables/campaigns.ts';
import type { ClosedLookTable, OwnerLookTable } from './tables/closedLook.ts';
import type { EventKeyTable, EventTable, EventWatchTable } from './tables/events.ts';
import type { ImportFailureTable, ImportJobTable, ImportPieceTable } from './tables/imports.ts';
import type {
  JourneyEntryTable,
  JourneyMemberTable,
  JourneyRunCountTable,
  JourneyRunTable,
  JourneyStepTable,
  JourneyTable,
} from './tables/journeys.ts';
import type { MessageAttemptTable, MessageTable } from './tables/messages.ts';
import type { OutboxDeadTable, OutboxTable } from './tables/outbox.ts';
import type { EndpointTable, UserTable } from './tables/people.ts';
import type { RateBucketTable, RateHourTable } from './tables/rates.ts';
import type { SegmentTable, SegmentVersionTable } from './tables/segments.ts';
import type { EventStreamTable, StreamRecordTable } from './tables/streams.ts';
import type { SuppressionTable } from './tables/suppressions.ts';
import type { TemplateTable, TemplateVersionTable } from './tables/templates.ts';

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
  journey_member: JourneyMemberTable;
  journey_entry: JourneyEntryTable;
  journey_step: JourneyStepTable;
  event_watch: EventWatchTable;
  event: EventTable;
  event_key: EventKeyTable;
  event_stream: EventStreamTable;
  stream_record: StreamRecordTable;
  message: MessageTable;
  message_attempt: MessageAttemptTable;
  rate_bucket: RateBucketTable;
  rate_hour: RateHourTable;
  request_key: { app_id: string; key: string; owner: string; request: string | null; created_at: Date };
  suppression: SuppressionTable;
  webhook: { app_id: string; url: string; confirmed_at: Date };
  closed_look: ClosedLookTable;
  owner_look: OwnerLookTable;
  outbox: OutboxTable;
  outbox_dead: OutboxDeadTable;
  import_job: ImportJobTable;
  import_piece: ImportPieceTable;
  import_failure: ImportFailureTable;
}
