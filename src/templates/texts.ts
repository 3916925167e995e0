/** Members whose text is no template: codes, names and the author's own settings. */
const plainMembers = new Set([
  'type',
  'Action',
  'Sound',
  'LanguageCode',
  'VoiceId',
  'DefaultSubstitutions',
  'TemplateDescription',
  'Name',
]);

/** A text in which there may be variables. */
export interface TextPart {
  /** `HtmlPart`, `Headers[0].Value`. */
  readonly path: string;
  readonly source: string;
}

/** Every text of a template in which there may be variables. */
export function textParts(part: unknown, path = ''): TextPart[] {
  if (typeof part === 'string') return [{ path, source: part }];
  if (Array.isArray(part)) return part.flatMap((item, index) => textParts(item, `${path}[${index}]`));
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, member]) =>
    plainMembers.has(name) ? [] : textParts(member, path === '' ? name : `${path}.${name}`),
  );
}
