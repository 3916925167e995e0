import type { QuietTimeDocument } from '../journey/document.ts';

/**
 * A campaign as it is stored and returned: Pinpoint's own words, only what Repoint sends. `Limits` and `Schedule` hold
 * what the caller wrote; the values that apply without it are in `limits.ts`.
 */
export interface CampaignDocument {
  readonly Name?: string;
  readonly Description?: string;
  readonly TreatmentName?: string;
  readonly TreatmentDescription?: string;
  readonly Priority?: number;
  readonly IsPaused: boolean;
  /** Absent: the campaign is stored and sends nothing. */
  readonly Schedule?: CampaignSchedule;
  readonly Limits?: CampaignLimits;
  readonly MessageConfiguration?: CampaignMessages;
  readonly TemplateConfiguration?: CampaignTemplates;
  readonly CustomDeliveryConfiguration?: CampaignCustomDelivery;
}

/** Where a custom channel is, and the endpoints that it is told of; without types those of CUSTOM. */
export interface CampaignCustomDelivery {
  readonly DeliveryUri: string;
  readonly EndpointTypes?: readonly string[];
}

export interface CampaignSchedule {
  /** `IMMEDIATE` or a point in time in ISO 8601. */
  readonly StartTime: string;
  readonly EndTime?: string;
  readonly Frequency?: 'ONCE';
  readonly IsLocalTime?: false;
  readonly Timezone?: string;
  /** HH:MM on each endpoint's own clock: no message then. */
  readonly QuietTime?: QuietTimeDocument;
}

export interface CampaignLimits {
  /** Messages of this campaign to one endpoint in 24 hours; 0: no limit. */
  readonly Daily?: number;
  /** Messages of this campaign to one endpoint in all its runs; 0: no limit. */
  readonly Total?: number;
  /** Seconds after the scheduled start in which messages are sent. */
  readonly MaximumDuration?: number;
  readonly MessagesPerSecond?: number;
  readonly Session?: number;
}

export interface CampaignMessages {
  readonly DefaultMessage?: CampaignPushMessage;
  readonly APNSMessage?: CampaignPushMessage;
  readonly GCMMessage?: CampaignPushMessage;
  readonly ADMMessage?: CampaignPushMessage;
  readonly BaiduMessage?: CampaignPushMessage;
  readonly EmailMessage?: CampaignEmailMessage;
  readonly SMSMessage?: CampaignSmsMessage;
  readonly CustomMessage?: { readonly Data?: string };
}

export interface CampaignPushMessage {
  readonly Action?: 'OPEN_APP' | 'DEEP_LINK' | 'URL';
  readonly Title?: string;
  readonly Body?: string;
  readonly Url?: string;
  readonly ImageUrl?: string;
  readonly ImageIconUrl?: string;
  readonly ImageSmallIconUrl?: string;
  readonly MediaUrl?: string;
  readonly JsonBody?: string;
  readonly RawContent?: string;
  readonly SilentPush?: boolean;
  /** Seconds. */
  readonly TimeToLive?: number;
}

export interface CampaignEmailMessage {
  readonly Title?: string;
  readonly Body?: string;
  readonly HtmlBody?: string;
  readonly FromAddress?: string;
  readonly Headers?: { Name: string; Value: string }[];
}

export interface CampaignSmsMessage {
  readonly Body?: string;
  readonly MessageType?: 'PROMOTIONAL' | 'TRANSACTIONAL';
  readonly SenderId?: string;
  readonly OriginationNumber?: string;
  readonly EntityId?: string;
  readonly TemplateId?: string;
}

export interface CampaignTemplates {
  readonly EmailTemplate?: CampaignTemplate;
  readonly SMSTemplate?: CampaignTemplate;
  readonly PushTemplate?: CampaignTemplate;
}

export interface CampaignTemplate {
  readonly Name: string;
  readonly Version?: string;
}
