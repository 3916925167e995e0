import type { TemplateType } from '../domain/arn.ts';
import type { Problem } from '../domain/errors.ts';
import { headerProblems } from './emailHeaders.ts';
import { shown } from './text.ts';

/** A template's request, as the SDK types it; `tags` are kept apart from its versions. */
export type TemplateRequest = Readonly<Record<string, unknown>>;

const nameForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** Pinpoint's rule for template names, in the API reference. */
export function nameProblems(name: string | undefined): Problem[] {
  if (name !== undefined && nameForm.test(name)) return [];
  const allowed = '1 to 128 letters, digits, underscores and hyphens, the first of them a letter or digit';
  return [{ path: 'template-name', message: `must be ${allowed}; given ${shown(name)}` }];
}

/** Characters a part may have: the original's quotas. */
const partLengthMax = {
  EMAIL: { Subject: 998, HtmlPart: 600_000, TextPart: 600_000 },
  SMS: { Body: 1600 },
  VOICE: { Body: 10_000 },
  PUSH: { Default: 4000, APNS: 4000, GCM: 4000, ADM: 6000, Baidu: 4000 },
  INAPP: { Content: 200_000 },
} as const satisfies Record<TemplateType, Record<string, number>>;

/** What is wrong with a template's request, beyond whether its texts compile. */
export function templateProblems(type: TemplateType, request: TemplateRequest): Problem[] {
  return [
    ...Object.entries(partLengthMax[type]).flatMap(([part, max]) => lengthProblems(request[part], part, max)),
    ...substitutionProblems(request.DefaultSubstitutions),
    ...headerProblems(request.Headers as never, 'Headers'),
  ];
}

function lengthProblems(part: unknown, path: string, max: number): Problem[] {
  const length =
    part === undefined ? 0 : typeof part === 'string' ? part.length : JSON.stringify(part).length;
  return length <= max ? [] : [{ path, message: `must have at most ${max} characters; given ${length}` }];
}

function substitutionProblems(given: unknown): Problem[] {
  if (given === undefined) return [];
  const path = 'DefaultSubstitutions';
  const wanted = 'must be the text of a JSON object of names and values, names nested or dotted';
  let parsed: unknown;
  try {
    parsed = JSON.parse(String(given));
  } catch (error) {
    return [{ path, message: `${wanted}: ${error instanceof Error ? error.message : 'not JSON'}` }];
  }
  if (isGroup(parsed)) return valueProblems(parsed, path);
  return [{ path, message: `${wanted}; given ${shown(given)}` }];
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueProblems(group: Record<string, unknown>, path: string): Problem[] {
  return Object.entries(group).flatMap(([name, value]) => {
    if (isGroup(value)) return valueProblems(value, `${path}.${name}`);
    const single = (one: unknown) => ['string', 'number', 'boolean'].includes(typeof one);
    if (single(value) || (Array.isArray(value) && value.every(single))) return [];
    return [{ path: `${path}.${name}`, message: `must be text or a list of texts; given ${shown(value)}` }];
  });
}
