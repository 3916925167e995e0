import type { Selectable } from 'kysely';
import type {
  MessageOrigin,
  Outgoing,
  OutgoingEmail,
  OutgoingPush,
  OutgoingSms,
  OutgoingVoice,
} from '../channels/channel.ts';
import type { Queryable } from '../db/database.ts';
import type { EndpointTable } from '../db/tables/people.ts';
import { findTemplateVersion } from '../db/templates.ts';
import type { PushChannelType } from '../domain/channel.ts';
import { RepointError } from '../domain/errors.ts';
import { present } from '../domain/present.ts';
import type { TemplateContent, TemplateType } from '../templates/content.ts';
import { oneLine, renderContent } from '../templates/render.ts';
import {
  hasContent,
  type Rendered,
  type RenderedEmail,
  type RenderedPush,
  type RenderedSms,
  type RenderedVoice,
} from '../templates/rendered.ts';
import { type Given, layered, type Variables, withUnsubscribeUrl } from '../templates/variables.ts';
import type { ChannelSettings } from './channelSettings.ts';
import type { CallClaim } from './ledger.ts';
import { noEndpoint, type UnsubscribeLink } from './unsubscribeLink.ts';

/** A version of a template as it is stored. */
export interface LoadedTemplate {
  readonly name: string;
  readonly version: number;
  readonly content: TemplateContent;
  /** DefaultSubstitutions, parsed. */
  readonly defaults: Given;
}

/** Loads a template of a type; without a version, the one that is active now. Null where there is none. */
export async function loadTemplate(
  db: Queryable,
  type: TemplateType,
  name: string,
  version?: string,
): Promise<LoadedTemplate | null> {
  const number = version === undefined ? undefined : Number(version);
  if (number !== undefined && !(Number.isSafeInteger(number) && number > 0 && number < 2 ** 31)) return null;
  const row = await findTemplateVersion(db, { type, name }, number);
  if (row === undefined) return null;
  // What is stored was checked by the template's own operations
  const content = { ...row.document, type } as TemplateContent;
  const { DefaultSubstitutions } = row.document;
  return {
    name,
    version: row.version,
    content,
    defaults: typeof DefaultSubstitutions === 'string' ? JSON.parse(DefaultSubstitutions) : {},
  };
}

/**
 * Renders a template, or inline content in the same form, for one recipient.
 * @param now what the helper `now` shows; the present where it is not given
 * @throws RepointError BadRequest for a poison template; this recipient fails, others do not
 */
export function renderTemplate(
  template: Pick<LoadedTemplate, 'content'>,
  variables: Variables,
  channelType: string,
  now: Date = new Date(),
): Rendered {
  return renderContent(template.content, { variables, channelType, now });
}

/** @throws RepointError BadRequest for a message in which nothing is left to send, as for one that cannot be rendered */
export function requireContent(rendered: Rendered): void {
  if (!hasContent(rendered)) throw new RepointError('BadRequest', 'The message has no content');
}

/** Why a template could not be rendered for somebody, as it is recorded; null for any other error. */
export function templateFault(error: unknown): string | null {
  const isFault = error instanceof RepointError && error.code === 'BadRequest';
  return isFault ? `TEMPLATE_FAILED: ${error.message}` : null;
}

/** Who is written to, as far as templates may see: an endpoint's row, or a bare address. */
export type VariableSource = Pick<Selectable<EndpointTable>, 'address' | 'channel_type'> &
  Partial<Selectable<EndpointTable>>;

/** Values by name beside a recipient's own: they win over them (substitutions) or stand in for them (defaults). */
export interface Substituted {
  readonly defaults?: Given;
  readonly substitutions?: Given;
  /** What a journey knows of the passage: `Event`, `Answers`. */
  readonly passage?: Given;
  /** Shown as `repoint.unsubscribeUrl`; nothing else may have that name. */
  readonly unsubscribe?: UnsubscribeLink;
}

/** What a template may show of one recipient: the endpoint in Pinpoint's words, its user, defaults and substitutions. */
export function variablesOf(
  endpoint: VariableSource,
  userAttributes: Given | null,
  { defaults = {}, substitutions = {}, passage = {}, unsubscribe = noEndpoint }: Substituted = {},
): Variables {
  const own = {
    Address: endpoint.address,
    ChannelType: endpoint.channel_type,
    Id: endpoint.id,
    OptOut: endpoint.opt_out,
    EndpointStatus: endpoint.status,
    CohortId: endpoint.cohort,
    EffectiveDate: endpoint.effective_date?.toISOString(),
    CreationDate: endpoint.created_at?.toISOString(),
    RequestId: endpoint.request_id,
    Attributes: endpoint.attributes,
    Demographic: endpoint.demographic,
    Location: endpoint.location,
    Metrics: endpoint.metrics,
    User: { UserId: endpoint.user_id, UserAttributes: userAttributes },
  };
  return withUnsubscribeUrl(layered([defaults, own, passage, substitutions]), unsubscribe);
}

/** What a message decides itself; the rest comes from its channel. */
export interface SendingChoices {
  readonly fromAddress?: string;
  readonly replyTo?: readonly string[];
  readonly feedbackForwardingAddress?: string;
  readonly messageType?: 'PROMOTIONAL' | 'TRANSACTIONAL';
  readonly senderId?: string;
  readonly originationNumber?: string;
  readonly keyword?: string;
  readonly mediaUrl?: string;
  readonly entityId?: string;
  readonly templateId?: string;
  readonly traceId?: string;
}

/**
 * The message as its provider takes it.
 * @throws RepointError BadRequest where the channel lacks what it needs; ask `channelProblem` before
 */
export function outgoing(
  rendered: Rendered,
  claim: Pick<CallClaim, 'messageId' | 'recipient'>,
  origin: MessageOrigin,
  settings: ChannelSettings,
  choices: SendingChoices = {},
): Outgoing {
  return composers[rendered.channel](rendered as never, { claim, origin, settings, choices });
}

interface Composing {
  readonly claim: Pick<CallClaim, 'messageId' | 'recipient'>;
  readonly origin: MessageOrigin;
  readonly settings: ChannelSettings;
  readonly choices: SendingChoices;
}

const composers: {
  readonly [C in Rendered['channel']]: (
    rendered: Extract<Rendered, { channel: C }>,
    composing: Composing,
  ) => Extract<Outgoing, { channel: C }>;
} = { EMAIL: composeEmail, SMS: composeSms, PUSH: composePush, VOICE: composeVoice };

function composeEmail(rendered: RenderedEmail, composing: Composing): OutgoingEmail {
  const { settings, choices, claim } = composing;
  const { rawBase64, channel, ...simple } = rendered;
  return {
    ...base(composing),
    channel,
    from: oneLine(needed(choices.fromAddress ?? settings.fromAddress, 'no From address')),
    to: oneLine(claim.recipient.address),
    replyTo: choices.replyTo?.map(oneLine),
    feedbackForwardingAddress:
      choices.feedbackForwardingAddress && oneLine(choices.feedbackForwardingAddress),
    configurationSet: settings.configurationSet,
    ...present({ identity: settings.identity }),
    content:
      rawBase64 === undefined
        ? { kind: 'simple', ...simple }
        : { kind: 'raw', data: Buffer.from(rawBase64, 'base64') },
  };
}

function composeSms(rendered: RenderedSms, composing: Composing): OutgoingSms {
  const { fromAddress, replyTo, feedbackForwardingAddress, ...choices } = composing.choices;
  return {
    ...base(composing),
    ...choices,
    channel: 'SMS',
    upstreamAppId: upstreamAppId(composing),
    to: composing.claim.recipient.address,
    body: rendered.body,
    messageType: choices.messageType ?? 'TRANSACTIONAL',
    senderId: choices.senderId ?? composing.settings.senderId,
  };
}

function composeVoice(rendered: RenderedVoice, composing: Composing): OutgoingVoice {
  const { originationNumber } = composing.choices;
  return {
    ...base(composing),
    ...rendered,
    upstreamAppId: upstreamAppId(composing),
    to: composing.claim.recipient.address,
    ...present({ originationNumber }),
  };
}

function composePush(rendered: RenderedPush, composing: Composing): OutgoingPush {
  const { recipient } = composing.claim;
  return {
    ...base(composing),
    ...rendered,
    upstreamAppId: upstreamAppId(composing),
    // Callers ask only for channels that `channelSettings` knows
    channelType: recipient.channelType as PushChannelType,
    token: recipient.address,
  };
}

function base({ claim, origin, settings, choices }: Composing) {
  const { context } = claim.recipient;
  return {
    messageId: claim.messageId,
    appId: settings.appId,
    origin,
    ...(context !== undefined && { context }),
    ...present({ traceId: choices.traceId }),
  };
}

function upstreamAppId({ settings }: Composing): string {
  return needed(settings.upstreamAppId, 'no upstream app');
}

function needed(value: string | null | undefined, what: string): string {
  if (value === null || value === undefined) throw new RepointError('BadRequest', what);
  return value;
}
