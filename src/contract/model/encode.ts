import type { Operation } from './operations.ts';
import type { Shape, Struct } from './shapes.ts';

/** A response's status and its JSON body; the empty string where the operation answers nothing. */
export interface WireResponse {
  readonly status: number;
  readonly body: string;
}

/**
 * Writes a handler's answer by the operation's schema: only declared members, the payload as the whole body.
 * An answer without its payload is a fault of ours.
 */
export function encodeOutput(operation: Operation, output: object): WireResponse {
  const payload = operation.outputPayload;
  if (payload === undefined) return { status: operation.status, body: '' };
  const value = memberOf(output, payload.name);
  if (value === undefined) throw new Error(`${operation.name} answered without ${payload.name}`);
  return { status: operation.status, body: JSON.stringify(encodeValue(payload.shape, value)) };
}

/** A value of a declared shape as JSON carries it. */
export function encodeValue(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'struct':
      return encodeStruct(shape, value as object);
    case 'map':
      return encodeMap(shape.value, value as object);
    case 'list':
      return (value as readonly unknown[]).map((item) => encodeValue(shape.element, item));
    case 'timestamp':
      return (value as Date).toISOString();
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    default:
      return value;
  }
}

function encodeStruct(struct: Struct, value: object): object {
  const encoded: Record<string, unknown> = {};
  for (const member of struct.members) {
    const item = memberOf(value, member.name);
    if (item !== undefined) encoded[member.wireName] = encodeValue(member.shape, item);
  }
  return encoded;
}

function encodeMap(shape: Shape, value: object): object {
  const encoded: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined && item !== null) encoded[key] = encodeValue(shape, item);
  }
  return encoded;
}

/** `null` is absent, as on the way in. */
function memberOf(holder: object, key: string): unknown {
  const value: unknown = Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
  return value ?? undefined;
}
