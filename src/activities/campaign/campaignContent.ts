import type { OutgoingCustom } from '../../channels/custom/customChannel.ts';
import type { Queryable } from '../../db/database.ts';
import { isWebhookConfirmed } from '../../db/webhooks.ts';
import { type CampaignChannel, type TextChannel, templateFor } from '../../domain/campaign/content.ts';
import type { CampaignDocument, CampaignMessages } from '../../domain/campaign/document.ts';
import {
  type ChannelFault,
  type ChannelSettings,
  channelFault,
  channelSettings,
} from '../../sending/channelSettings.ts';
import type { SendingChoices } from '../../sending/compose.ts';
import { type LoadedTemplate, loadTemplate } from '../../sending/render.ts';
import type { TemplateContent } from '../../templates/content.ts';

/** What a campaign sends through one channel type, or why it can send nothing there. */
export type ChannelContent =
  | {
      readonly is: 'ready';
      readonly template: Pick<LoadedTemplate, 'content' | 'defaults'> & Partial<LoadedTemplate>;
      readonly settings: ChannelSettings;
      readonly choices: SendingChoices;
    }
  | ({ readonly is: 'custom' } & Pick<OutgoingCustom, 'deliveryUri' | 'data' | 'isConfirmed'>)
  | { readonly is: 'unusable'; readonly reason: Unusable };

type Unusable = ChannelFault | 'TEMPLATE_MISSING';

/** What a campaign sends to the endpoints of a channel type, which it reaches by a channel. */
export async function contentFor(
  db: Queryable,
  appId: string,
  document: CampaignDocument,
  [channelType, channel]: readonly [string, CampaignChannel],
): Promise<ChannelContent> {
  if (channel !== 'CUSTOM') return await textsFor(db, appId, document, [channelType, channel]);
  const deliveryUri = document.CustomDeliveryConfiguration?.DeliveryUri ?? '';
  const data = document.MessageConfiguration?.CustomMessage?.Data ?? '';
  return { is: 'custom', deliveryUri, data, isConfirmed: await isWebhookConfirmed(db, appId, deliveryUri) };
}

/** Loads what a campaign sends through a channel type. A template comes before inline content, which then only configures. */
async function textsFor(
  db: Queryable,
  appId: string,
  document: CampaignDocument,
  [channelType, channel]: readonly [string, TextChannel],
): Promise<ChannelContent> {
  const settings = await channelSettings(db, appId, channelType);
  const choices = choicesOf(document.MessageConfiguration ?? {}, channel);
  const reason = channelFault(settings, choices);
  if (reason !== null) return { is: 'unusable', reason };
  const named = templateFor(document, channel);
  const template = named
    ? await loadTemplate(db, channel, named.Name, named.Version)
    : { content: inlineContent[channel](document.MessageConfiguration ?? {}), defaults: {} };
  return template === null
    ? { is: 'unusable', reason: 'TEMPLATE_MISSING' }
    : { is: 'ready', template, settings, choices };
}

/** Inline messages in the form of templates: their texts have variables just as well. */
const inlineContent: Record<TextChannel, (messages: CampaignMessages) => TemplateContent> = {
  EMAIL: ({ EmailMessage: email, DefaultMessage: fallback }) => ({
    type: 'EMAIL',
    Subject: email?.Title ?? fallback?.Title ?? '',
    HtmlPart: email?.HtmlBody,
    TextPart: email ? email.Body : (fallback?.Body ?? ''),
    Headers: email?.Headers,
  }),
  SMS: ({ SMSMessage: sms, DefaultMessage: fallback }) => ({
    type: 'SMS',
    Body: sms?.Body ?? fallback?.Body ?? '',
  }),
  PUSH: (messages) => ({
    type: 'PUSH',
    Default: messages.DefaultMessage,
    APNS: messages.APNSMessage,
    GCM: messages.GCMMessage,
    ADM: messages.ADMMessage,
    Baidu: messages.BaiduMessage,
  }),
};

function choicesOf({ EmailMessage, SMSMessage }: CampaignMessages, channel: TextChannel): SendingChoices {
  if (channel === 'EMAIL') return { fromAddress: EmailMessage?.FromAddress };
  if (channel === 'PUSH') return {};
  return {
    // Pinpoint takes a campaign's text messages as promotional where nothing else is said.
    messageType: SMSMessage?.MessageType ?? 'PROMOTIONAL',
    senderId: SMSMessage?.SenderId,
    originationNumber: SMSMessage?.OriginationNumber,
    entityId: SMSMessage?.EntityId,
    templateId: SMSMessage?.TemplateId,
  };
}
