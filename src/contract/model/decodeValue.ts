import type { Problem } from '../../domain/errors.ts';
import { parseTimestamp } from '../../domain/instant.ts';
import { shown, textProblem } from '../text.ts';
import { decodeUnknown } from './decodeUnknown.ts';
import type { ListShape, MapShape, Shape, StringShape, Struct } from './shapes.ts';

/** What a walk over a document found; both are filled as it goes. */
export interface Findings {
  readonly problems: Problem[];
  readonly warnings: string[];
}

/**
 * Structs whose unknown members reach the handler: the printed dialect of a journey writes `NextActivity`
 * beside the typed object of an activity, where the model has no such member.
 */
const openStructs: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['Activity', new Set(['NextActivity'])],
]);

const wanted = {
  string: 'a string',
  integer: 'a whole number of at most 32 bits',
  double: 'a finite number',
  boolean: 'true or false',
  timestamp: 'a date and time in ISO 8601 with its offset, such as 2026-01-31T12:00:00Z',
  blob: 'base64 text',
  list: 'a list',
  map: 'an object',
  struct: 'an object',
} as const satisfies Record<Shape['kind'], string>;

/** A JSON value as the SDK types it; what is wrong with it goes to the findings and the value is `undefined`. */
export function decodeValue(shape: Shape, value: unknown, path: string, findings: Findings): unknown {
  switch (shape.kind) {
    case 'struct':
      return isObject(value)
        ? decodeStruct(shape, value, path, findings)
        : mismatch(shape, value, path, findings);
    case 'map':
      return isObject(value)
        ? decodeMap(shape, value, path, findings)
        : mismatch(shape, value, path, findings);
    case 'list':
      return Array.isArray(value)
        ? decodeList(shape, value, path, findings)
        : mismatch(shape, value, path, findings);
    default:
      return decodeSimple(shape, value, path, findings);
  }
}

/** A value without parts. */
export function decodeSimple(shape: Shape, value: unknown, path: string, findings: Findings): unknown {
  switch (shape.kind) {
    case 'string':
      if (typeof value === 'string') return decodeString(shape, value, path, findings);
      break;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'integer':
      if (typeof value === 'number' && (value | 0) === value) return value;
      break;
    case 'double':
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      break;
    case 'timestamp': {
      const date = typeof value === 'string' ? parseTimestamp(value) : undefined;
      if (date !== undefined) return date;
      break;
    }
    case 'blob': {
      const bytes = typeof value === 'string' ? parseBase64(value) : undefined;
      if (bytes !== undefined) return bytes;
      break;
    }
  }
  return mismatch(shape, value, path, findings);
}

function decodeStruct(struct: Struct, value: object, path: string, findings: Findings): object {
  const decoded: Record<string, unknown> = {};
  const given = new Map(Object.entries(value).filter(([, item]) => item !== null));
  for (const member of struct.members) {
    const item = takeMember(member.wireName, member.name, given, path, findings);
    const memberPath = join(path, member.wireName);
    if (item !== undefined) decoded[member.name] = decodeValue(member.shape, item, memberPath, findings);
    else if (member.required) findings.problems.push({ path: memberPath, message: 'is required' });
  }
  for (const [key, item] of given) handleUnknown(struct, key, item, { path, findings, decoded });
  return decoded;
}

/** Takes a member out of what was given; the SDK's own name of it is accepted for its name on the wire. */
function takeMember(
  wireName: string,
  name: string,
  given: Map<string, unknown>,
  path: string,
  findings: Findings,
): unknown {
  const key = given.has(wireName) ? wireName : name;
  const item = given.get(key);
  given.delete(key);
  if (item !== undefined && key !== wireName) {
    findings.warnings.push(`${join(path, key)}: accepted as ${wireName}`);
  }
  return item;
}

function handleUnknown(
  struct: Struct,
  key: string,
  item: unknown,
  at: { path: string; findings: Findings; decoded: Record<string, unknown> },
): void {
  const path = join(at.path, key);
  const dialect = openStructs.get(struct.name);
  if (dialect !== undefined && key !== '__proto__') {
    at.decoded[key] = decodeUnknown(item, path, at.findings.problems);
    if (dialect.has(key)) return;
  }
  const meant = struct.members.find((member) => member.wireName.toLowerCase() === key.toLowerCase());
  const hint = meant === undefined ? '' : ` (did you mean ${meant.wireName}?)`;
  at.findings.warnings.push(`${path}: ${struct.name} has no such member${hint}; ignored`);
}

/** Maps have no prototype, so that a key such as `constructor` is only a key. */
function decodeMap(shape: MapShape, value: object, path: string, findings: Findings): object {
  const decoded: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    if (item === null) continue;
    const itemPath = join(path, key);
    const fault = textProblem(key) ?? keyProblem(shape, key);
    if (fault !== undefined) findings.problems.push({ path: itemPath.toWellFormed(), message: fault });
    decoded[key] = decodeValue(shape.value, item, itemPath, findings);
  }
  return decoded;
}

function keyProblem(shape: MapShape, key: string): string | undefined {
  if (shape.allowedKeys === undefined || shape.allowedKeys.includes(key)) return undefined;
  return `must be one of ${shape.allowedKeys.join(', ')}`;
}

function decodeList(
  shape: ListShape,
  value: readonly unknown[],
  path: string,
  findings: Findings,
): unknown[] {
  return value.map((item, index) => decodeValue(shape.element, item, `${path}[${index}]`, findings));
}

function decodeString(shape: StringShape, value: string, path: string, findings: Findings): unknown {
  const fault = textProblem(value) ?? enumProblem(shape, value);
  if (fault === undefined) return value;
  findings.problems.push({ path, message: fault });
  return undefined;
}

function enumProblem(shape: StringShape, value: string): string | undefined {
  if (shape.allowed === undefined || shape.allowed.includes(value)) return undefined;
  return `must be one of ${shape.allowed.join(', ')}; given ${shown(value)}`;
}

function parseBase64(text: string): Uint8Array | undefined {
  const compact = text.replaceAll(/\s/g, '');
  const valid = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  return valid ? new Uint8Array(Buffer.from(compact, 'base64')) : undefined;
}

function mismatch(shape: Shape, value: unknown, path: string, findings: Findings): undefined {
  findings.problems.push({
    path: path || 'request body',
    message: `must be ${wanted[shape.kind]}; given ${shown(value)}`,
  });
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
