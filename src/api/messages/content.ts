import type { DirectMessageConfiguration, TemplateConfiguration } from '@aws-sdk/client-pinpoint';
import type { Queryable } from '../../db/database.ts';
import { channelOf } from '../../domain/channel.ts';
import { defined } from '../../domain/defined.ts';
import { type Problem, refuseAny } from '../../domain/errors.ts';
import { present } from '../../domain/present.ts';
import { loadTemplate } from '../../sending/render.ts';
import { compileProblems } from '../../templates/check.ts';
import type { SentTemplateType, TemplateContent } from '../../templates/content.ts';
import type { ChannelMessage } from './channelMessage.ts';
import { inlineMessage } from './inlineMessage.ts';

/** The message of each channel type, or why there is none. */
export type ChannelMessages = ReadonlyMap<string, ChannelMessage | { readonly problem: string }>;

export interface MessageSource {
  readonly MessageConfiguration?: DirectMessageConfiguration | undefined;
  readonly TemplateConfiguration?: TemplateConfiguration | undefined;
  readonly TraceId?: string | undefined;
}

/**
 * Finds what is to be sent on each of some channel types: a template where the request names one, else its inline message.
 * @throws RepointError BadRequest where an inline text does not compile
 */
export async function channelMessages(
  db: Queryable,
  source: MessageSource,
  channelTypes: Iterable<string>,
): Promise<ChannelMessages> {
  const messages = new Map<string, ChannelMessage | { problem: string }>();
  for (const channelType of new Set(channelTypes)) {
    const message = await messageFor(db, source, channelType);
    messages.set(channelType, 'problem' in message ? message : traced(message, source.TraceId));
  }
  return messages;
}

function traced(message: ChannelMessage, traceId: string | undefined): ChannelMessage {
  return { ...message, choices: { ...message.choices, ...present({ traceId }) } };
}

async function messageFor(
  db: Queryable,
  source: MessageSource,
  channelType: string,
): Promise<ChannelMessage | { problem: string }> {
  const channel = channelOf(channelType);
  if (channel === null) return { problem: `Repoint sends no ${channelType} messages` };
  const inline = inlineMessage(source.MessageConfiguration ?? {}, channelType);
  const named = templateOf[channel](source.TemplateConfiguration ?? {});
  if (!named?.Name) return inline ?? { problem: `The request has no message for ${channelType}` };
  const template = await loadTemplate(db, channel, named.Name, named.Version || undefined);
  if (template === null) {
    const version = named.Version ? `, version ${named.Version}` : '';
    return { problem: `There is no ${channel} template ${named.Name}${version}` };
  }
  const { name, version, defaults } = template;
  const content = withDelivery(template.content, inline?.content);
  const rest = { substitutions: {}, choices: {}, ...inline, rawBase64: undefined };
  return { ...rest, content, defaults, template: { name, version } };
}

/** A push template has the words; how they are delivered is the request's to say. */
export function withDelivery(
  template: TemplateContent,
  inline: TemplateContent | undefined,
): TemplateContent {
  if (template.type !== 'PUSH' || inline?.type !== 'PUSH') return template;
  const { SilentPush, TimeToLive } = inline.Default ?? {};
  return { ...template, Default: { ...template.Default, ...defined({ SilentPush, TimeToLive }) } };
}

/** One without a name, as in a skeleton of the AWS CLI, is none. */
const templateOf: Record<
  SentTemplateType,
  (configuration: TemplateConfiguration) => TemplateConfiguration['SMSTemplate']
> = {
  EMAIL: (configuration) => configuration.EmailTemplate,
  SMS: (configuration) => configuration.SMSTemplate,
  PUSH: (configuration) => configuration.PushTemplate,
  VOICE: (configuration) => configuration.VoiceTemplate,
};

/**
 * Whether a request has anything for a channel type: an endpoint of another is none of its business.
 */
export function hasMessageFor(source: MessageSource, channelType: string): boolean {
  const channel = channelOf(channelType);
  if (channel === null) return false;
  return (
    Boolean(templateOf[channel](source.TemplateConfiguration ?? {})?.Name) ||
    inlineMessage(source.MessageConfiguration ?? {}, channelType) !== undefined
  );
}

/** @throws RepointError BadRequest naming each inline text that does not compile, with the reason */
export function checkInline(source: MessageSource): void {
  const problems = ['EMAIL', 'SMS', 'VOICE', 'APNS', 'GCM', 'ADM', 'BAIDU'].flatMap(
    (channelType): Problem[] => {
      const inline = inlineMessage(source.MessageConfiguration ?? {}, channelType);
      if (inline === undefined) return [];
      return compileProblems(inline.content).map(({ path, message }) => ({
        path: `MessageConfiguration, ${channelType} ${path}`,
        message,
      }));
    },
  );
  refuseAny(problems);
}
