import { readFile } from 'node:fs/promises';
import {
  CreateEmailTemplateCommand,
  CreatePushTemplateCommand,
  CreateSegmentCommand,
  CreateSmsTemplateCommand,
  type EmailTemplateRequest,
  type PinpointClient,
  type PushNotificationTemplateRequest,
  type SMSTemplateRequest,
  UpdateEmailTemplateCommand,
  UpdatePushTemplateCommand,
  UpdateSmsTemplateCommand,
  type WriteSegmentRequest,
} from '@aws-sdk/client-pinpoint';
import { type SentJourney, sendJourney } from '../cli/sendJourney.ts';
import { withoutWrapper } from '../contract/journey/decodeJourney.ts';
import { templateTypeOf } from '../domain/journey/steps.ts';

/** A segment as CreateSegment takes it, its name aside. */
export type SegmentDefinition = Omit<WriteSegmentRequest, 'Name' | 'tags'>;

/** Message templates by name, each as its own Create…Template operation takes it. */
export interface TestTemplates {
  readonly email?: Readonly<Record<string, EmailTemplateRequest>>;
  readonly sms?: Readonly<Record<string, SMSTemplateRequest>>;
  readonly push?: Readonly<Record<string, PushNotificationTemplateRequest>>;
}

/** What belongs to a journey's document, so that it can be published. */
export interface PublishOptions {
  /** Who enters, in place of the segment that the document's start names. Absent there too: every endpoint. */
  readonly segment?: SegmentDefinition;
  /** The other segments that the document names, by the ids it names them by. */
  readonly segments?: Readonly<Record<string, SegmentDefinition>>;
  /** A template that is not given here is made up: all its texts are its name. */
  readonly templates?: TestTemplates;
}

/** A journey's document: an object, its JSON text's file path, or the file's URL. */
export type DocumentSource = object | string | URL;

/** A world's application, and the templates that were made in it so far. */
export interface PublishingTarget {
  readonly client: PinpointClient;
  readonly appId: string;
  readonly templates: Set<string>;
}

/**
 * Makes segments and templates and publishes a journey's document, the dialect of printed examples included.
 * @throws RepointError BadRequest for what the API refuses of the journey; the SDK's exceptions for the rest
 */
export async function publishDocument(
  target: PublishingTarget,
  source: DocumentSource,
  options: PublishOptions,
): Promise<SentJourney> {
  const document = await readDocument(source);
  await putTemplates(target, options.templates ?? {}, document);
  const ids = await createSegments(target, options, document);
  const named = JSON.parse(JSON.stringify(document), (key, value) =>
    key === 'SegmentId' && typeof value === 'string' ? (ids.get(value) ?? value) : value,
  );
  return await sendJourney(target.client, target.appId, JSON.stringify({ ...named, State: 'ACTIVE' }));
}

/** As far as the kit looks into it; whatever else is wrong with it, the API says. */
interface LooseDocument {
  readonly StartCondition?: { readonly SegmentStartCondition?: { readonly SegmentId?: string } };
  readonly Activities?: Readonly<
    Record<string, Readonly<Record<string, { readonly TemplateName?: string }>>>
  >;
}

async function readDocument(source: DocumentSource): Promise<LooseDocument> {
  const isFile = typeof source === 'string' || source instanceof URL;
  const text = isFile ? await readFile(source, 'utf8') : JSON.stringify(source);
  return JSON.parse(withoutWrapper(text)) as LooseDocument;
}

/** Answers the ids that were made, by those the document names. */
async function createSegments(
  { client, appId }: PublishingTarget,
  { segment, segments = {} }: PublishOptions,
  { StartCondition: start }: LooseDocument,
): Promise<ReadonlyMap<string, string>> {
  const startId = start?.SegmentStartCondition?.SegmentId;
  const wanted = new Map(Object.entries(segments));
  if (startId !== undefined && (segment !== undefined || !wanted.has(startId))) {
    wanted.set(startId, segment ?? { Dimensions: {} });
  }
  const ids = new Map<string, string>();
  for (const [name, definition] of wanted) {
    const WriteSegmentRequest = { Name: name, ...definition };
    const created = await client.send(
      new CreateSegmentCommand({ ApplicationId: appId, WriteSegmentRequest }),
    );
    ids.set(name, created.SegmentResponse?.Id ?? '');
  }
  return ids;
}

type TemplateKind = keyof TestTemplates;

async function putTemplates(
  target: PublishingTarget,
  given: TestTemplates,
  { Activities = {} }: LooseDocument,
): Promise<void> {
  for (const kind of Object.keys(templateTypeOf) as TemplateKind[]) {
    for (const [name, request] of Object.entries(given[kind] ?? {}))
      await putTemplate(target, kind, name, request);
    for (const activity of Object.values(Activities)) {
      const name = activity[templateTypeOf[kind]]?.TemplateName;
      if (name !== undefined && !target.templates.has(`${kind} ${name}`))
        await putTemplate(target, kind, name, madeUp[kind](name));
    }
  }
}

const madeUp = {
  email: (name: string) => ({ Subject: name, TextPart: name }),
  sms: (name: string) => ({ Body: name }),
  push: (name: string) => ({ Default: { Title: name, Body: name, Action: 'OPEN_APP' as const } }),
} as const satisfies { [K in TemplateKind]: (name: string) => object };

async function putTemplate(
  { client, templates }: PublishingTarget,
  kind: TemplateKind,
  TemplateName: string,
  request: object,
): Promise<void> {
  const key = `${kind} ${TemplateName}`;
  await write[kind](client, TemplateName, request, templates.has(key));
  templates.add(key);
}

type WriteTemplate = (
  client: PinpointClient,
  name: string,
  request: object,
  exists: boolean,
) => Promise<unknown>;

const write: Readonly<Record<TemplateKind, WriteTemplate>> = {
  email: (client, TemplateName, EmailTemplateRequest, exists) => {
    const input = { TemplateName, EmailTemplateRequest };
    return exists
      ? client.send(new UpdateEmailTemplateCommand(input))
      : client.send(new CreateEmailTemplateCommand(input));
  },
  sms: (client, TemplateName, SMSTemplateRequest, exists) => {
    const input = { TemplateName, SMSTemplateRequest };
    return exists
      ? client.send(new UpdateSmsTemplateCommand(input))
      : client.send(new CreateSmsTemplateCommand(input));
  },
  push: (client, TemplateName, PushNotificationTemplateRequest, exists) => {
    const input = { TemplateName, PushNotificationTemplateRequest };
    return exists
      ? client.send(new UpdatePushTemplateCommand(input))
      : client.send(new CreatePushTemplateCommand(input));
  },
};
