import { createHmac } from 'node:crypto';
import type { EndpointChange } from '../domain/endpoint/endpoint.ts';
import { badRequest, collect, type Problem, refuseAny } from '../domain/errors.ts';
import { parseEndpoint, parseEndpointId } from './endpoint.ts';
import { decodeUnknown } from './model/decodeUnknown.ts';

/** What one line of an import says about one endpoint. */
export interface ImportLine {
  readonly endpointId: string;
  readonly change: EndpointChange;
}

/**
 * Reads one line of a JSON import: an endpoint definition. `EndpointStatus` and `EffectiveDate` are ignored, as the original did,
 * and so are members that an export writes beside them (`CohortId`, `CreationDate`).
 * @throws RepointError BadRequest with every problem of the line; values are personal and not quoted
 */
export function parseImportLine(text: string, appId: string): ImportLine {
  const { Id, EndpointStatus: _status, EffectiveDate: _date, ...request } = storable(parseJson(text));
  const problems: Problem[] = [];
  const given =
    Id === undefined || Id === '' ? undefined : collect(problems, () => parseEndpointId(Id, 'Id'));
  const change = collect(problems, () => parseEndpoint(request));
  if (change === undefined || problems.length > 0) throw badRequest(problems);
  return { endpointId: given ?? generatedId(appId, change), change };
}

/** Null means absent, as in Pinpoint's requests. */
function parseJson(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text, (_, item) => (item === null ? undefined : item));
  } catch {
    throw badRequest([{ path: 'line', message: 'is not valid JSON; write one endpoint a line' }]);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw badRequest([
    { path: 'line', message: 'must be a JSON object; write one endpoint a line, not a list' },
  ]);
}

/** Its members, once none holds a text or a number that could not be stored. */
function storable(line: object): Record<string, unknown> {
  const problems: Problem[] = [];
  const members = Object.entries(line).map(([key, value]) => [key, decodeUnknown(value, key, problems)]);
  refuseAny(problems);
  return Object.fromEntries(members);
}

/**
 * The id of an endpoint that has none, which can only be a new one: the same for the same address of the same app, so that
 * importing a file twice, or a part of it again after a crash, doubles nothing. A keyed hash, because ids are shown where
 * addresses are not.
 */
function generatedId(appId: string, { channelType, address }: EndpointChange): string {
  const missing = [...(channelType ? [] : ['ChannelType']), ...(address ? [] : ['Address'])];
  if (missing.length > 0)
    throw badRequest(missing.map((path) => ({ path, message: 'is required where there is no Id' })));
  const hash = createHmac('sha256', appId).update(`${channelType}\n${address}`).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-${hash.slice(12, 16)}-${hash.slice(16, 20)}-${hash.slice(20, 32)}`;
}
