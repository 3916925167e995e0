import type { CampaignDocument, CampaignMessages, CampaignTemplate, CampaignTemplates } from './document.ts';

export type CampaignChannel = 'EMAIL' | 'SMS' | 'PUSH';

/** The channel of each channel type that a campaign can reach. VOICE, CUSTOM and IN_APP have no content here. */
export const channelOf = {
  EMAIL: 'EMAIL',
  SMS: 'SMS',
  APNS: 'PUSH',
  APNS_SANDBOX: 'PUSH',
  APNS_VOIP: 'PUSH',
  APNS_VOIP_SANDBOX: 'PUSH',
  GCM: 'PUSH',
  ADM: 'PUSH',
  BAIDU: 'PUSH',
} as const satisfies Record<string, CampaignChannel>;

export type CampaignChannelType = keyof typeof channelOf;

const inlineMember = {
  EMAIL: 'EmailMessage',
  SMS: 'SMSMessage',
  APNS: 'APNSMessage',
  APNS_SANDBOX: 'APNSMessage',
  APNS_VOIP: 'APNSMessage',
  APNS_VOIP_SANDBOX: 'APNSMessage',
  GCM: 'GCMMessage',
  ADM: 'ADMMessage',
  BAIDU: 'BaiduMessage',
} as const satisfies Record<CampaignChannelType, keyof CampaignMessages>;

const templateMember = {
  EMAIL: 'EmailTemplate',
  SMS: 'SMSTemplate',
  PUSH: 'PushTemplate',
} as const satisfies Record<CampaignChannel, keyof CampaignTemplates>;

/** Whether `channelType` is one that campaigns reach at all. */
export function isCampaignChannelType(channelType: string): channelType is CampaignChannelType {
  return Object.hasOwn(channelOf, channelType);
}

/** The template that gives the content for a channel; it comes before inline content, which then only configures. */
export function templateFor(
  document: CampaignDocument,
  channel: CampaignChannel,
): CampaignTemplate | undefined {
  return document.TemplateConfiguration?.[templateMember[channel]];
}

/** The channel types for which the campaign has content: whose endpoints it goes to. DefaultMessage serves all of them. */
export function reachedChannelTypes(document: CampaignDocument): CampaignChannelType[] {
  const messages = document.MessageConfiguration ?? {};
  return Object.keys(channelOf)
    .filter(isCampaignChannelType)
    .filter(
      (type) =>
        messages.DefaultMessage !== undefined ||
        messages[inlineMember[type]] !== undefined ||
        templateFor(document, channelOf[type]) !== undefined,
    );
}
