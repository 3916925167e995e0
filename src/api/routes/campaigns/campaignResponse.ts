import type {
  ActivityResponse,
  CampaignResponse,
  CampaignStatus,
  CustomDeliveryConfiguration,
} from '@aws-sdk/client-pinpoint';
import type { Config } from '../../../config.ts';
import type { CampaignRun, Outcomes } from '../../../db/campaigns/campaignRuns.ts';
import type { Campaign } from '../../../db/campaigns/campaigns.ts';
import { arnOf } from '../../../domain/arn.ts';
import { statedLimits } from '../../../domain/campaign/limits.ts';
import { defaultTreatment } from '../../../domain/campaign/treatment.ts';
import { accountOf } from '../../account.ts';

/** A campaign in Pinpoint's form, with the values that Pinpoint states for what the caller left out. */
export function campaignResponse(campaign: Campaign, config: Config): CampaignResponse {
  const { appId, id, document, defaults } = campaign;
  const { CustomDeliveryConfiguration: custom, ...rest } = document;
  const state = { CampaignStatus: campaign.state as CampaignStatus };
  return {
    AdditionalTreatments: [],
    HoldoutPercent: 0,
    TemplateConfiguration: {},
    ...rest,
    // the words of EndpointTypes were checked as they came
    ...(custom && { CustomDeliveryConfiguration: custom as CustomDeliveryConfiguration }),
    ApplicationId: appId,
    Arn: arnOf(accountOf(config), { kind: 'campaign', appId, id }),
    Id: id,
    CreationDate: campaign.createdAt.toISOString(),
    LastModifiedDate: campaign.modifiedAt.toISOString(),
    DefaultState: state,
    State: state,
    // what applies: a client that writes back what it has read changes nothing
    Limits: { ...statedLimits, ...defaults.Limits, ...document.Limits },
    ...(document.Schedule && { Schedule: { IsLocalTime: false, Timezone: 'utc', ...document.Schedule } }),
    SegmentId: campaign.segmentId,
    SegmentVersion: campaign.segmentVersion,
    Version: campaign.version,
    tags: { ...campaign.tags },
  };
}

const reached = ['sent', 'delivered'];

/**
 * A run in Pinpoint's form. `ExecutionMetrics` says what its messages came to (`{"sent": "2", "skipped OPT_OUT": "1"}`) and
 * why the run ended early.
 */
export function activityResponse(run: CampaignRun, outcomes: Outcomes): ActivityResponse {
  const counts = Object.entries(outcomes);
  const sum = (entries: typeof counts) => entries.reduce((total, [, count]) => total + count, 0);
  return {
    ApplicationId: run.app_id,
    CampaignId: run.campaign_id,
    Id: run.id.replaceAll('-', ''),
    TreatmentId: defaultTreatment,
    State: run.state,
    ...(run.result !== null && { Result: run.result }),
    ScheduledStart: run.scheduled_start.toISOString(),
    Start: run.started_at.toISOString(),
    ...(run.ended_at !== null && { End: run.ended_at.toISOString() }),
    TotalEndpointCount: sum(counts),
    SuccessfulEndpointCount: sum(counts.filter(([outcome]) => reached.includes(outcome))),
    TimezonesTotalCount: 1,
    TimezonesCompletedCount: run.ended_at === null ? 0 : 1,
    ExecutionMetrics: {
      ...Object.fromEntries(counts.map(([outcome, count]) => [outcome, String(count)])),
      ...(run.reason !== null && { Reason: run.reason }),
    },
  };
}
