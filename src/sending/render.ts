import type { Selectable } from 'kysely';
import type { Queryable } from '../db/database.ts';
import type { EndpointTable } from '../db/tables/people.ts';
import { findTemplateVersion } from '../db/templates.ts';
import { RepointError } from '../domain/errors.ts';
import type { SentTemplateType, TemplateContent } from '../templates/content.ts';
import { renderContent } from '../templates/render.ts';
import { hasContent, type Rendered } from '../templates/rendered.ts';
import { type Given, layered, type Variables, withUnsubscribeUrl } from '../templates/variables.ts';
import { noEndpoint, type UnsubscribeLink, withOneClick } from './unsubscribeLink.ts';

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
  type: SentTemplateType,
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

/** What a rendering of marketing depends on beside the template and its variables. */
export interface RenderingFor {
  readonly channelType: string;
  /** What the helper `now` shows. */
  readonly now: Date;
  /** What an email must carry to be left with one click. */
  readonly unsubscribe: UnsubscribeLink;
}

/** @throws RepointError BadRequest for a message in which nothing is left to send, as for one that cannot be rendered */
export function requireContent(rendered: Rendered): void {
  if (!hasContent(rendered)) throw new RepointError('BadRequest', 'The message has no content');
}

/**
 * Renders a journey's or campaign's message for one recipient, an email with its link to unsubscribe in one click.
 * @returns for a template that cannot be rendered for them, or leaves nothing to send: why, as it is recorded
 */
export function renderMarketing(
  template: Pick<LoadedTemplate, 'content'>,
  variables: Variables,
  { channelType, now, unsubscribe }: RenderingFor,
): Rendered | string {
  return orFault(() => {
    const rendered = renderTemplate(template, variables, channelType, now);
    requireContent(rendered);
    return withUnsubscription(rendered, unsubscribe);
  });
}

/** The same to be looked at, not sent: it may be empty. */
export function renderPreview(
  template: Pick<LoadedTemplate, 'content'>,
  variables: Variables,
  { channelType, now, unsubscribe }: RenderingFor,
): Rendered | string {
  return orFault(() =>
    withUnsubscription(renderTemplate(template, variables, channelType, now), unsubscribe),
  );
}

function withUnsubscription(rendered: Rendered, unsubscribe: UnsubscribeLink): Rendered {
  return rendered.channel === 'EMAIL' ? withOneClick(rendered, unsubscribe) : rendered;
}

function orFault(render: () => Rendered): Rendered | string {
  try {
    return render();
  } catch (error) {
    const isFault = error instanceof RepointError && error.code === 'BadRequest';
    if (!isFault) throw error;
    return `TEMPLATE_FAILED: ${error.message}`;
  }
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
