import { defined } from '../domain/defined.ts';
import { compileText, type Escaping } from './compile.ts';
import type {
  EmailContent,
  PushContent,
  PushPart,
  SentTemplateType,
  SmsContent,
  TemplateContent,
  VoiceContent,
} from './content.ts';
import { plainTextOf } from './plainText.ts';
import type { Rendered, RenderedEmail, RenderedPush, RenderedSms, RenderedVoice } from './rendered.ts';
import { asJsonText, type Variables } from './variables.ts';

interface Rendering {
  readonly variables: Variables;
  /** APNS, GCM …: which part of a push template. */
  readonly channelType: string;
  readonly now: Date;
}

/**
 * Renders a template's content for one recipient.
 * @throws RepointError BadRequest when it cannot be rendered (a poison template): that recipient fails, others do not
 */
export function renderContent(content: TemplateContent, rendering: Rendering): Rendered {
  return renderers[content.type](content as never, rendering);
}

const renderers: {
  readonly [T in SentTemplateType]: (
    content: Extract<TemplateContent, { type: T }>,
    rendering: Rendering,
  ) => Rendered;
} = { EMAIL: renderEmail, SMS: renderSms, PUSH: renderPush, VOICE: renderVoice };

function renderEmail(content: EmailContent, rendering: Rendering): RenderedEmail {
  const headers = content.Headers?.map((header) => ({
    Name: oneLine(header.Name ?? ''),
    Value: oneLine(fill(header.Value, 'text', rendering) ?? ''),
  }));
  const html = fill(content.HtmlPart, 'html', rendering);
  return {
    channel: 'EMAIL',
    subject: oneLine(fill(content.Subject, 'text', rendering) ?? ''),
    ...defined({
      html,
      text: fill(content.TextPart, 'text', rendering) ?? (html && plainTextOf(html)),
      headers,
    }),
  };
}

function renderSms(content: SmsContent, rendering: Rendering): RenderedSms {
  return { channel: 'SMS', body: fill(content.Body, 'text', rendering) ?? '' };
}

function renderVoice({ Body, LanguageCode, VoiceId }: VoiceContent, rendering: Rendering): RenderedVoice {
  const body = fill(Body, 'text', rendering) ?? '';
  return { channel: 'VOICE', body, ...defined({ languageCode: LanguageCode, voiceId: VoiceId }) };
}

function renderPush(content: PushContent, rendering: Rendering): RenderedPush {
  const part = pushPartFor(content, rendering.channelType);
  const inJson = { ...rendering, variables: asJsonText(rendering.variables) };
  return {
    channel: 'PUSH',
    ...defined({
      title: fill(part.Title, 'text', rendering),
      body: fill(part.Body, 'text', rendering),
      action: part.Action as RenderedPush['action'],
      url: fill(part.Url, 'text', rendering),
      imageUrl: fill(part.ImageUrl ?? part.MediaUrl, 'text', rendering),
      imageIconUrl: fill(part.ImageIconUrl, 'text', rendering),
      smallImageIconUrl: fill(part.SmallImageIconUrl ?? part.ImageSmallIconUrl, 'text', rendering),
      sound: part.Sound,
      rawContent: fill(part.RawContent, 'text', inJson),
      jsonBody: fill(part.JsonBody, 'text', inJson),
      silent: part.SilentPush,
      timeToLiveSeconds: part.TimeToLive,
    }),
  };
}

/** A platform's own part, its gaps filled from the default. */
export function pushPartFor(content: PushContent, channelType: string): PushPart {
  return { ...content.Default, ...content[platformOf(channelType)] };
}

function platformOf(channelType: string): 'APNS' | 'GCM' | 'ADM' | 'Baidu' {
  if (channelType === 'GCM' || channelType === 'ADM') return channelType;
  return channelType === 'BAIDU' ? 'Baidu' : 'APNS';
}

function fill(source: string | undefined, escaping: Escaping, rendering: Rendering): string | undefined {
  if (source === undefined) return undefined;
  return compileText(source, escaping)(rendering.variables, rendering.now);
}

/** A subject or header value has one line: a variable cannot add headers of its own. */
export function oneLine(value: string): string {
  return value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
