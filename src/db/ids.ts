import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** An id of Pinpoint's form, 32 lower-case hex digits: apps, segments, campaigns, journeys, jobs. */
export function newResourceId(): string {
  return randomBytes(16).toString('hex');
}

/** A uuid v7 (RFC 9562) that sorts by the logical time `now`: entries, runs, requests, events. */
export function newTimeId(now: Date): string {
  return v7({ msecs: now.getTime() });
}
