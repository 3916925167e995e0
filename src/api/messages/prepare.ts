import type { EndpointSendConfiguration } from '@aws-sdk/client-pinpoint';
import type { Outgoing } from '../../channels/channel.ts';
import { RepointError } from '../../domain/errors.ts';
import type { ChannelSettings } from '../../sending/channelSettings.ts';
import { channelProblem } from '../../sending/channelSettings.ts';
import { outgoing } from '../../sending/compose.ts';
import type { Delivered } from '../../sending/deliver.ts';
import type { CallClaim, MessageOwner } from '../../sending/ledger.ts';
import type { Kept } from '../../sending/record.ts';
import { renderTemplate, requireContent, variablesOf } from '../../sending/render.ts';
import type { UnsubscribeLink } from '../../sending/unsubscribeLink.ts';
import type {
  EmailContent,
  PushContent,
  SmsContent,
  TemplateContent,
  VoiceContent,
} from '../../templates/content.ts';
import { pushPartFor } from '../../templates/render.ts';
import type { Rendered } from '../../templates/rendered.ts';
import type { ChannelMessage } from './channelMessage.ts';
import { failure, type Result } from './results.ts';
import type { Target } from './targets.ts';

/** A message that waits only for its claim. */
export interface Prepared {
  readonly target: Target;
  readonly channel: MessageOwner['channel'];
  /** What is kept with the claim, so that another call says the same; absent where only the provider knows the words. */
  readonly kept?: Omit<Kept, 'claim'>;
  /** The provider's message of a claim: what an earlier attempt kept is sent as it was. */
  outgoing(claim: CallClaim): Outgoing;
  /** What is answered for a call that was made, where that is not told as SendMessages tells it. */
  answer?(delivered: Delivered, ownId: string): Result;
}

/** What rendering for one recipient depends on beside the message. */
export interface Moment {
  readonly now: Date;
  readonly unsubscribe: UnsubscribeLink;
}

/** Renders one recipient's message, or tells why there is none to send. */
export function prepare(
  target: Target,
  message: ChannelMessage,
  settings: ChannelSettings,
  moment: Moment,
): Prepared | Result {
  const problem = channelProblem(settings, message.choices);
  if (problem !== null) return failure(400, problem);
  try {
    const rendered = renderFor(target, message, moment);
    requireContent(rendered);
    return ready(target, message, settings, rendered);
  } catch (error) {
    if (error instanceof RepointError && error.code === 'BadRequest') return failure(400, error.message);
    throw error;
  }
}

function ready(
  target: Target,
  { template, choices }: ChannelMessage,
  settings: ChannelSettings,
  rendered: Rendered,
): Prepared {
  const { endpointId } = target.recipient;
  const origin = endpointId === null ? {} : { endpointId };
  return {
    target,
    channel: rendered.channel,
    kept: { rendered, template, choices },
    outgoing: (claim) => outgoing(claim.rendered ?? rendered, claim, origin, settings, choices),
  };
}

function renderFor(
  { source, userAttributes, own, recipient }: Target,
  message: ChannelMessage,
  { now, unsubscribe }: Moment,
): Rendered {
  const { rawBase64, defaults, data, platform } = message;
  if (rawBase64 !== undefined) return { channel: 'EMAIL', subject: '', rawBase64 };
  const substitutions = { ...message.substitutions, ...own.Substitutions };
  const variables = variablesOf(source, userAttributes, { defaults, substitutions, unsubscribe });
  const content = overridden[message.content.type](message.content as never, own, recipient.channelType);
  const rendered = renderTemplate({ content }, variables, recipient.channelType, now);
  return rendered.channel === 'PUSH' ? { ...rendered, data, platform } : rendered;
}

/** What the request says for one recipient alone replaces the message's own title, body and raw content; what is empty says nothing. */
const overridden: {
  readonly [T in TemplateContent['type']]: (
    content: Extract<TemplateContent, { type: T }>,
    own: EndpointSendConfiguration,
    channelType: string,
  ) => TemplateContent;
} = {
  EMAIL: (content: EmailContent, { TitleOverride, BodyOverride }) => ({
    ...content,
    Subject: TitleOverride || content.Subject,
    HtmlPart: content.HtmlPart && (BodyOverride || content.HtmlPart),
    TextPart: BodyOverride || content.TextPart,
  }),
  SMS: (content: SmsContent, { BodyOverride }) => ({ ...content, Body: BodyOverride || content.Body }),
  VOICE: (content: VoiceContent, { BodyOverride }) => ({ ...content, Body: BodyOverride || content.Body }),
  PUSH: (content: PushContent, { TitleOverride, BodyOverride, RawContent }, channelType) => {
    const part = pushPartFor(content, channelType);
    const Default = {
      ...part,
      Title: TitleOverride || part.Title,
      Body: BodyOverride || part.Body,
      RawContent: RawContent || part.RawContent,
    };
    return { type: 'PUSH', Default };
  },
};
