import { z } from 'zod';
import type {
  CampaignCustomDelivery,
  CampaignDocument,
  CampaignEmailMessage,
  CampaignLimits,
  CampaignMessages,
  CampaignPushMessage,
  CampaignSchedule,
  CampaignSmsMessage,
  CampaignTemplate,
  CampaignTemplates,
} from '../../domain/campaign/document.ts';
import { parseInstant } from '../../domain/instant.ts';
import { oneLineText } from '../oneLine.ts';
import { versionForm } from '../version.ts';

const text = z.string().optional();

/** A whole number from `min` to `max`. */
function whole(min: number, max: number) {
  const message = `a whole number from ${min} to ${max} is allowed`;
  return z.int(message).min(min, message).max(max, message).optional();
}

const instant = z.string().superRefine((value, context) => {
  const parsed = parseInstant(value);
  if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem });
});

const start = z.string().superRefine((value, context) => {
  const parsed = parseInstant(value);
  if ('problem' in parsed && value !== 'IMMEDIATE')
    context.addIssue({ code: 'custom', message: `${parsed.problem}, or IMMEDIATE` });
});

const schedule: z.ZodType<CampaignSchedule> = z.object({
  StartTime: start,
  EndTime: instant.optional(),
  Frequency: z.literal('ONCE').optional(),
  IsLocalTime: z.literal(false).optional(),
  Timezone: text,
  QuietTime: z.object({ Start: text, End: text }).optional(),
});

/** Ranges as in the documentation of Pinpoint's CampaignLimits; the longest duration is that of a journey, 3600 days. */
export const campaignLimits: z.ZodType<CampaignLimits> = z.object({
  Daily: whole(0, 100),
  Total: whole(0, 100),
  MaximumDuration: whole(60, 311_040_000),
  MessagesPerSecond: whole(1, 20_000),
  Session: whole(0, 100),
});

const push: z.ZodType<CampaignPushMessage> = z.object({
  Action: z.enum(['OPEN_APP', 'DEEP_LINK', 'URL'], 'OPEN_APP, DEEP_LINK or URL is allowed').optional(),
  Title: text,
  Body: text,
  Url: text,
  ImageUrl: text,
  ImageIconUrl: text,
  ImageSmallIconUrl: text,
  MediaUrl: text,
  JsonBody: text,
  RawContent: text,
  SilentPush: z.boolean().optional(),
  TimeToLive: whole(0, 2_419_200),
});

const email: z.ZodType<CampaignEmailMessage> = z.object({
  Title: text,
  Body: text,
  HtmlBody: text,
  FromAddress: oneLineText.optional(),
  Headers: z.array(z.object({ Name: z.string(), Value: z.string() })).optional(),
});

const sms: z.ZodType<CampaignSmsMessage> = z.object({
  Body: z.string().max(1600, 'at most 1600 characters are allowed').optional(),
  MessageType: z.enum(['PROMOTIONAL', 'TRANSACTIONAL'], 'PROMOTIONAL or TRANSACTIONAL is allowed').optional(),
  SenderId: text,
  OriginationNumber: text,
  EntityId: text,
  TemplateId: text,
});

const messages: z.ZodType<CampaignMessages> = z.object({
  DefaultMessage: push.optional(),
  APNSMessage: push.optional(),
  GCMMessage: push.optional(),
  ADMMessage: push.optional(),
  BaiduMessage: push.optional(),
  EmailMessage: email.optional(),
  SMSMessage: sms.optional(),
  CustomMessage: z.object({ Data: text }).optional(),
});

const template: z.ZodType<CampaignTemplate> = z.object({
  Name: z.string('the name of a template is needed').min(1, 'the name of a template is needed'),
  Version: z.string().regex(versionForm, 'a version number is allowed').optional(),
});

const templates: z.ZodType<CampaignTemplates> = z.object({
  EmailTemplate: template.optional(),
  SMSTemplate: template.optional(),
  PushTemplate: template.optional(),
});

const customDelivery: z.ZodType<CampaignCustomDelivery> = z.object({
  DeliveryUri: z.string(),
  EndpointTypes: z.array(z.string()).optional(),
});

/** What a campaign's document may hold, member by member; which members go together is `campaign.ts`. */
export const campaignDocument: z.ZodType<CampaignDocument> = z.object({
  Name: text,
  Description: text,
  TreatmentName: text,
  TreatmentDescription: text,
  Priority: z.int().optional(),
  IsPaused: z.boolean().default(false),
  Schedule: schedule.optional(),
  Limits: campaignLimits.optional(),
  MessageConfiguration: messages.optional(),
  TemplateConfiguration: templates.optional(),
  CustomDeliveryConfiguration: customDelivery.optional(),
});
