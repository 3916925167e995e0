import { parseVersion } from '../../../contract/version.ts';
import { targetsByEndpoint } from '../../../db/people/sendTargets.ts';
import type { Deps } from '../../../deps.ts';
import { badRequest, notFound } from '../../../domain/errors.ts';
import { loadTemplate, renderPreview, type VariableSource, variablesOf } from '../../../sending/render.ts';
import { unsubscribeLink } from '../../../sending/unsubscribeLink.ts';
import type { SentTemplateType } from '../../../templates/content.ts';
import type { Rendered } from '../../../templates/rendered.ts';
import { messageWarnings } from '../../../templates/sizeWarnings.ts';
import { textParts } from '../../../templates/texts.ts';
import { variablesIn } from '../../../templates/variablesIn.ts';
import { variableWarnings } from '../../../templates/variableWarnings.ts';

export interface PreviewRequest {
  readonly name: string;
  readonly type: SentTemplateType;
  readonly version?: string | undefined;
  readonly appId?: string | undefined;
  /** Whose values are shown; absent: nobody's, only defaults. */
  readonly endpointId?: string | undefined;
}

/** One rendering: of a push template there is one for each platform. */
export interface Previewed {
  readonly ChannelType: string;
  /** In the words of templates; null where it fails. */
  readonly Message: Readonly<Record<string, unknown>> | null;
  readonly Failure: string | null;
}

export interface Preview {
  readonly TemplateName: string;
  readonly TemplateType: SentTemplateType;
  readonly Version: string;
  readonly EndpointId: string | null;
  readonly Messages: readonly Previewed[];
  readonly Warnings: readonly string[];
}

const channelTypes: Record<SentTemplateType, readonly string[]> = {
  EMAIL: ['EMAIL'],
  SMS: ['SMS'],
  VOICE: ['VOICE'],
  PUSH: ['APNS', 'GCM', 'ADM', 'BAIDU'],
};

/**
 * A template as an endpoint would get it from a journey, and what is suspicious about it. Nothing is sent or written.
 * @throws RepointError NotFound for the template, its version or the endpoint; BadRequest for an endpoint without its app
 */
export async function previewTemplate(deps: Deps, request: PreviewRequest): Promise<Preview> {
  const { name, type, version } = request;
  if (parseVersion(version) === null) throw unknownTemplate(request);
  const template = await loadTemplate(deps.db, type, name, version);
  if (template === null) throw unknownTemplate(request);
  const { source, userAttributes } = await findReader(deps, request);
  const { defaults } = template;
  const unsubscribe = unsubscribeLink(deps.config, noMessage);
  const variables = variablesOf(source, userAttributes, { defaults, unsubscribe });
  const now = await deps.clock.now();
  const rendered = channelTypes[type].map((channelType) => ({
    channelType,
    message: renderPreview(template, variables, { channelType, now, unsubscribe }),
  }));
  const uses = textParts(template.content).flatMap(({ source: text }) => variablesIn(text));
  const warnings = [
    ...variableWarnings(uses, variables, defaults),
    ...rendered.flatMap(({ message }) =>
      typeof message === 'string' ? [] : messageWarnings(template.content, message),
    ),
  ];
  return {
    TemplateName: name,
    TemplateType: type,
    Version: String(template.version),
    EndpointId: request.endpointId ?? null,
    Messages: rendered.map(told),
    Warnings: [...new Set(warnings)],
  };
}

interface Reader {
  readonly source: VariableSource;
  readonly userAttributes: Record<string, string[]> | null;
}

async function findReader(deps: Deps, { appId, endpointId }: PreviewRequest): Promise<Reader> {
  if (endpointId === undefined) {
    return { source: { address: null, channel_type: null }, userAttributes: null };
  }
  if (appId === undefined) {
    throw badRequest([{ path: 'application-id', message: 'must be given with an endpoint' }]);
  }
  const [row] = await targetsByEndpoint(deps.db, appId, [endpointId]);
  if (row === undefined) throw notFound(`endpoint ${endpointId}`);
  return { source: row, userAttributes: row.user_attributes };
}

/** A link as messages have it; the message it names is none. */
const noMessage = { appId: 'preview', owner: '00000000-0000-0000-0000-000000000000', seq: 0 };

const wireNames: Readonly<Record<string, string>> = {
  html: 'HtmlPart',
  text: 'TextPart',
  silent: 'SilentPush',
  timeToLiveSeconds: 'TimeToLive',
};

interface RenderedFor {
  readonly channelType: string;
  /** Or why there is none. */
  readonly message: Rendered | string;
}

function told({ channelType, message }: RenderedFor): Previewed {
  if (typeof message === 'string') return { ChannelType: channelType, Message: null, Failure: message };
  const { channel, ...members } = message;
  const named = Object.entries(members).map(([name, value]) => [wireNames[name] ?? capitalized(name), value]);
  return { ChannelType: channelType, Message: Object.fromEntries(named), Failure: null };
}

function capitalized(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function unknownTemplate({ name, type, version }: PreviewRequest) {
  return notFound(`${version === undefined ? '' : `version ${version} of `}${type} template ${name}`);
}
