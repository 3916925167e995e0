import { createHash, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** An id of Pinpoint's form, 32 lower-case hex digits: apps, segments, campaigns, journeys, jobs. */
export function newResourceId(): string {
  return randomBytes(16).toString('hex');
}

/**
 * The id of what one call of a client creates: the same for every retry of that call where the client marks it
 * (`amz-sdk-invocation-id`), so that a retry finds what the first try made; a new one where it does not.
 * @param appId empty where an app itself is created
 */
export function resourceIdOfCall(operation: string, appId: string, invocationId: string | undefined): string {
  if (invocationId === undefined) return newResourceId();
  return createHash('sha256')
    .update(JSON.stringify([operation, appId, invocationId]))
    .digest('hex')
    .slice(0, 32);
}

/** A uuid v7 (RFC 9562) that sorts by the logical time `now`: entries, runs, requests, events. */
export function newTimeId(now: Date): string {
  return v7({ msecs: now.getTime() });
}
