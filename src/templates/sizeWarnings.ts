import type { TemplateContent } from './content.ts';
import type { Rendered, RenderedEmail } from './rendered.ts';

/** Gmail cuts off an e-mail's HTML there ("message clipped"). */
const HTML_BYTES_CLIPPED = 102 * 1024;
/** APNs and FCM take payloads of 4 KB, of which the ids of journeys need some. */
const PUSH_BYTES_MAX = 3500;

/** What a preview has to say of a rendered message as a whole. */
export function messageWarnings(content: TemplateContent, rendered: Rendered): string[] {
  if (rendered.channel === 'EMAIL') return emailWarnings(content, rendered);
  if (rendered.channel === 'SMS') return partsWarning(rendered.body);
  if (rendered.channel === 'VOICE')
    return rendered.body === '' ? ['Body: empty; such a message is skipped'] : [];
  const bytes = Buffer.byteLength(JSON.stringify(rendered));
  return bytes > PUSH_BYTES_MAX
    ? [`${bytes} bytes: push services take 4 KB with everything that is added`]
    : [];
}

function emailWarnings(content: TemplateContent, { subject, html, text, headers }: RenderedEmail): string[] {
  const given = content.type === 'EMAIL' ? content : { type: 'EMAIL' as const };
  const bytes = Buffer.byteLength(html ?? '');
  const all = JSON.stringify(content);
  const hasLink = all.includes('repoint.unsubscribeUrl') || all.includes('unsubscribeLinkTag');
  const hasHeader = headers?.some(({ Name }) => Name.toLowerCase() === 'list-unsubscribe') === true;
  return [
    ...(subject === '' ? ['Subject: empty'] : []),
    ...(html === undefined && !text ? ['neither HtmlPart nor TextPart; such a message is skipped'] : []),
    ...(html !== undefined && given.TextPart === undefined
      ? [text === undefined ? 'TextPart: none' : 'TextPart: none; one is made of the HTML for each recipient']
      : []),
    ...(bytes > HTML_BYTES_CLIPPED
      ? [`HtmlPart: ${bytes} bytes; Gmail cuts it off at ${HTML_BYTES_CLIPPED}`]
      : []),
    ...(hasLink || hasHeader ? [] : ['no unsubscribe link; marketing needs one: {{repoint.unsubscribeUrl}}']),
  ];
}

/** GSM 03.38's alphabet; those of its second table count twice. */
const gsm = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;

function partsWarning(body: string): string[] {
  if (body === '') return ['Body: empty; such a message is skipped'];
  const isGsm = gsm.test(body);
  const length = isGsm ? body.length + (body.match(/[\^{}\\[~\]|€]/g)?.length ?? 0) : body.length;
  const [single, joined] = isGsm ? [160, 153] : [70, 67];
  if (length <= single) return [];
  const why = isGsm ? '' : '; a character outside the GSM alphabet halves a part';
  return [`Body: ${Math.ceil(length / joined)} parts, each paid for${why}`];
}
