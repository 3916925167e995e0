import { type Channel, channelOf, type SentChannelType } from '../channel.ts';
import { customReach } from '../endpoint/customReach.ts';
import type { CampaignDocument, CampaignMessages, CampaignTemplate, CampaignTemplates } from './document.ts';

/** The channels that a campaign can have texts for. */
export const textChannels = ['EMAIL', 'SMS', 'PUSH'] as const satisfies readonly Channel[];
export type TextChannel = (typeof textChannels)[number];
export const campaignChannels = [...textChannels, 'CUSTOM'] as const satisfies readonly Channel[];
export type CampaignChannel = (typeof campaignChannels)[number];

type TextChannelType = Exclude<SentChannelType, 'VOICE'>;

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
} as const satisfies Record<TextChannelType, keyof CampaignMessages>;

const templateMember = {
  EMAIL: 'EmailTemplate',
  SMS: 'SMSTemplate',
  PUSH: 'PushTemplate',
} as const satisfies Record<TextChannel, keyof CampaignTemplates>;

/** The template that gives the content for a channel; it comes before inline content, which then only configures. */
export function templateFor(document: CampaignDocument, channel: TextChannel): CampaignTemplate | undefined {
  return document.TemplateConfiguration?.[templateMember[channel]];
}

/**
 * The channel types whose endpoints a campaign goes to, each with the channel by which it does. DefaultMessage serves all that
 * have texts. An endpoint gets one message of a run: those of a custom channel get nothing else.
 */
export function reachOf(document: CampaignDocument): ReadonlyMap<string, CampaignChannel> {
  const { MessageConfiguration: messages = {}, CustomDeliveryConfiguration: custom } = document;
  const types = Object.keys(inlineMember) as TextChannelType[];
  const withTexts = types.filter(
    (type) =>
      messages.DefaultMessage !== undefined ||
      messages[inlineMember[type]] !== undefined ||
      templateFor(document, channelOf(type)) !== undefined,
  );
  const customTypes = custom === undefined ? [] : customReach(custom.EndpointTypes);
  return new Map<string, CampaignChannel>([
    ...withTexts.map((type) => [type, channelOf(type)] as const),
    ...customTypes.map((type) => [type, 'CUSTOM'] as const),
  ]);
}
