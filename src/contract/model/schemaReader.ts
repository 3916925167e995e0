import { doublePlaces, enumPlaces } from './enums.ts';
import type { Member, Shape, Struct } from './shapes.ts';

/**
 * Reads shapes out of the schema tuples that the SDK exports. Their layout is declared in `@smithy/types`:
 * `[3, namespace, name, traits, memberNames, memberSchemas, requiredCount]` and so on. Whatever is not known
 * here stops the start: a trait that was overlooked would otherwise be a silent difference on the wire.
 */
export type SchemaReference = unknown;

const LIST = 1;
const MAP = 2;
const STRUCT = 3;
const LIST_BIT = 64;
const MAP_BIT = 128;
const LABEL_TRAIT = 1;
const PAYLOAD_TRAIT = 16;

const simpleShapes: ReadonlyMap<number, Shape> = new Map<number, Shape>([
  [0, { kind: 'string' }],
  [1, { kind: 'integer' }],
  [2, { kind: 'boolean' }],
  [5, { kind: 'timestamp' }],
  [21, { kind: 'blob' }],
]);

const structs = new Map<readonly unknown[], Struct>();

/** The struct behind a reference; an operation without input or output (`unit`) has one without members. */
export function readStruct(reference: SchemaReference): Struct {
  const shape = readShape(reference, '');
  if (shape.kind !== 'struct') throw unknownSchema('not a structure', shape.kind);
  return shape;
}

function readShape(reference: SchemaReference, place: string): Shape {
  const schema: unknown = typeof reference === 'function' ? reference() : reference;
  if (schema === 'unit') return { kind: 'struct', name: 'Unit', members: [], byWireName: new Map() };
  if (typeof schema === 'number') return readSimple(schema, place);
  if (!Array.isArray(schema)) throw unknownSchema('schema', schema);
  const tuple: readonly unknown[] = schema;
  if (isReferenceWithoutTraits(tuple)) return readShape(tuple[0], place);
  switch (tuple[0]) {
    case LIST:
      refuseTraits(tuple[3]);
      return { kind: 'list', element: readShape(tuple[4], place) };
    case MAP:
      refuseTraits(tuple[3]);
      return mapOf(readShape(tuple[5], place), place);
    case STRUCT:
      return structOf(tuple);
    default:
      throw unknownSchema('kind of schema', tuple[0]);
  }
}

/** `[schema, 0]`, as list elements and map values are sometimes written. */
function isReferenceWithoutTraits(tuple: readonly unknown[]): boolean {
  return tuple.length === 2 && tuple[1] === 0;
}

function readSimple(code: number, place: string): Shape {
  if ((code & MAP_BIT) !== 0) return mapOf(readSimple(code & ~MAP_BIT, place), place);
  if ((code & LIST_BIT) !== 0) return { kind: 'list', element: readSimple(code & ~LIST_BIT, place) };
  const shape = simpleShapes.get(code);
  if (shape === undefined) throw unknownSchema('simple type', code);
  if (shape.kind === 'integer' && doublePlaces.has(place)) return { kind: 'double' };
  const allowed = enumPlaces.get(place);
  return shape.kind === 'string' && allowed !== undefined ? { kind: 'string', allowed } : shape;
}

function mapOf(value: Shape, place: string): Shape {
  const allowedKeys = enumPlaces.get(place);
  return allowedKeys === undefined ? { kind: 'map', value } : { kind: 'map', value, allowedKeys };
}

function structOf(tuple: readonly unknown[]): Struct {
  const known = structs.get(tuple);
  if (known !== undefined) return known;
  refuseTraits(tuple[3]);
  const name = String(tuple[2]);
  const members: Member[] = [];
  const byWireName = new Map<string, Member>();
  const struct: Struct = { kind: 'struct', name, members, byWireName };
  structs.set(tuple, struct);
  const names = tuple[4] as readonly string[];
  const schemas = tuple[5] as readonly SchemaReference[];
  const requiredCount = typeof tuple[6] === 'number' ? tuple[6] : 0;
  for (const [index, memberName] of names.entries()) {
    const member = memberOf(name, memberName, schemas[index], index < requiredCount);
    members.push(member);
    byWireName.set(member.wireName, member);
  }
  return struct;
}

function memberOf(struct: string, name: string, reference: SchemaReference, required: boolean): Member {
  const [schema, traits] = splitTraits(reference);
  const shape = readShape(schema, `${struct}.${name}`);
  return { name, required, shape, ...readTraits(traits, name) };
}

/** A member is a schema, or a pair of schema and traits. */
function splitTraits(reference: SchemaReference): [SchemaReference, unknown] {
  return Array.isArray(reference) && reference.length === 2 ? [reference[0], reference[1]] : [reference, 0];
}

function readTraits(traits: unknown, name: string): Pick<Member, 'location' | 'wireName'> {
  if (traits === 0) return { location: 'body', wireName: name };
  if (traits === LABEL_TRAIT) return { location: 'path', wireName: name };
  if (traits === PAYLOAD_TRAIT) return { location: 'payload', wireName: name };
  if (typeof traits === 'object' && traits !== null) {
    const entries = Object.entries(traits);
    const [key, value] = entries[0] ?? [];
    if (entries.length === 1 && typeof value === 'string') {
      if (key === 'httpQuery') return { location: 'query', wireName: value };
      if (key === 'jsonName') return { location: 'body', wireName: value };
    }
  }
  throw unknownSchema('trait', traits);
}

function refuseTraits(traits: unknown): void {
  if (traits !== 0) throw unknownSchema('trait', traits);
}

/** A fault of ours or of a new SDK version: it must end the start, not a request. */
export function unknownSchema(what: string, value: unknown): Error {
  return new Error(`The SDK's schemas hold an unknown ${what}: ${JSON.stringify(value)}`);
}
