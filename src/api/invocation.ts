import { createHash } from 'node:crypto';
import type { OperationName } from '../contract/model/operations.ts';
import { newTimeId } from '../db/ids.ts';
import { forgetRequest, noteRequest, type RequestKey } from '../db/requestKeys.ts';
import { badRequest, isUserFault, RepointError } from '../domain/errors.ts';
import type { Call } from './handler.ts';

/** A client's own word for a request: what creates or sends is done once for it. */
export const idempotencyKeyHeader = 'x-repoint-idempotency-key';

const KEY_CHARACTERS_MAX = 255;

/** A call before it is known whether it repeats another. */
export interface UnnamedCall extends Call {
  readonly idempotencyKey: string | undefined;
}

interface Asked {
  readonly appId: string | undefined;
  readonly input: object;
  readonly call: UnnamedCall;
}

/**
 * Has an operation answered under the name of its request, which every try of it shares. A request that was refused is
 * not remembered, so that it can be mended under the same key.
 * @throws RepointError Conflict for a key that was used for another request; BadRequest for a key that is none
 */
export async function answerOnce<T>(
  operation: OperationName,
  asked: Asked,
  answer: (call: Call) => Promise<T>,
): Promise<T> {
  const { call } = asked;
  if (!isDoneOnce(operation)) {
    if (call.idempotencyKey !== undefined) call.hint(`${idempotencyKeyHeader} does nothing for ${operation}`);
    return await answer(call);
  }
  const { db, clock } = call.deps;
  const now = await clock.now();
  const fresh = newTimeId(now);
  const key = keyOf(operation, asked);
  if (key === undefined) return await answer({ ...call, invocationId: fresh });
  const known = await noteRequest(db, key, fresh, now);
  if (known.request !== null && known.request !== key.request) throw usedBefore(operation);
  try {
    return await answer({ ...call, invocationId: known.id, isRepeat: known.isRepeat });
  } catch (error) {
    if (!known.isRepeat && isUserFault(error)) await forgetRequest(db, key);
    throw error;
  }
}

/** What would be there, or be received, twice. */
function isDoneOnce(operation: OperationName): boolean {
  return operation.startsWith('Create') || operation.startsWith('Send');
}

function keyOf(operation: OperationName, { appId = '', input, call }: Asked): RequestKey | undefined {
  const { idempotencyKey, invocationId } = call;
  const request = hashOf(input);
  if (idempotencyKey !== undefined) {
    return { appId, key: hashOf([operation, 'key', checked(idempotencyKey)]), request };
  }
  if (invocationId === undefined) return undefined;
  // An SDK's id names one request; one that came with another request would be a fault of what is in between
  return { appId, key: hashOf([operation, 'invocation', invocationId, request]), request };
}

function checked(key: string): string {
  if (key.trim() !== '' && key.length <= KEY_CHARACTERS_MAX) return key;
  const message = `must have 1 to ${KEY_CHARACTERS_MAX} characters, and has ${key.trim().length}`;
  throw badRequest([{ path: idempotencyKeyHeader, message }]);
}

function usedBefore(operation: string): RepointError {
  return new RepointError(
    'Conflict',
    `${idempotencyKeyHeader}: the key was used for another ${operation} request within the last day; ` +
      'repeat that request as it was, or give this one a key of its own',
  );
}

/** Of what a value says, in whatever order its members come. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, canonical)).digest('hex');
}

function canonical(_: string, value: unknown): unknown {
  // A raw e-mail's bytes would be written as an object of numbers
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
