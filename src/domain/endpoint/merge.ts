import { DAY_MS } from '../duration.ts';
import { cohortOf } from './cohort.ts';
import type { Endpoint, EndpointChange, StringLists } from './endpoint.ts';

/**
 * The endpoint after a write. What the write names replaces what was there: a whole list of an attribute, one metric,
 * one field of demographic and location; an empty list empties. Every write makes the endpoint ACTIVE, unless it says
 * otherwise, and moves its effective date.
 */
export function mergeEndpoint(
  id: string,
  before: Endpoint | undefined,
  change: EndpointChange,
  now: Date,
): Endpoint {
  const userId = change.userId === undefined ? (before?.userId ?? null) : change.userId;
  return {
    id,
    userId,
    channelType: change.channelType ?? before?.channelType ?? null,
    address: change.address ?? before?.address ?? null,
    status: change.status ?? 'ACTIVE',
    ...optOutAfter(before, change, now),
    attributes: mergeLists(before?.attributes, change.attributes),
    metrics: { ...before?.metrics, ...change.metrics },
    demographic: { ...before?.demographic, ...change.demographic },
    location: { ...before?.location, ...change.location },
    unclaimedAttributes:
      userId === null ? mergeLists(before?.unclaimedAttributes, change.userAttributes) : {},
    requestId: change.requestId ?? before?.requestId ?? null,
    cohort: before?.cohort ?? cohortOf(id),
    effectiveDate: change.effectiveDate ?? now,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
}

/** Who opts out or in says so at an instant: of two words the later holds, in whatever order they are heard. */
function optOutAfter(
  before: Endpoint | undefined,
  change: EndpointChange,
  now: Date,
): Pick<Endpoint, 'optOut' | 'optOutAt'> {
  const { optOut = 'NONE', optOutAt = null } = before ?? {};
  if (change.optOut === undefined) return { optOut, optOutAt };
  const saidAt = change.optOutAt ?? now;
  if (optOutAt !== null && saidAt < optOutAt) return { optOut, optOutAt };
  return { optOut: change.optOut, optOutAt: saidAt };
}

/** Attributes after a write: a name that is given replaces its whole list, the others stay. */
export function mergeLists(before: StringLists | undefined, change: StringLists | undefined): StringLists {
  return { ...before, ...change };
}

/** The shortest window of a segment's recency: an effective date that moves within it changes no answer. */
const SHORTEST_RECENCY_MS = DAY_MS;

/** Whether a segment or a sender could see the difference: all but request ids and the mere time of a write. */
export function differs(before: Endpoint | undefined, after: Endpoint): boolean {
  if (before === undefined) return true;
  if (after.effectiveDate.getTime() - before.effectiveDate.getTime() > SHORTEST_RECENCY_MS) return true;
  if (after.effectiveDate < before.effectiveDate) return true;
  return sentence(before) !== sentence(after);
}

/** Whether two sets of attributes are the same, in whatever order their names come. */
export function sameLists(a: StringLists, b: StringLists): boolean {
  return sorted(a) === sorted(b);
}

function sentence(endpoint: Endpoint): string {
  const { userId, channelType, address, status, optOut, attributes, metrics, demographic, location } =
    endpoint;
  const records = [attributes, metrics, demographic, location, endpoint.unclaimedAttributes].map(sorted);
  return JSON.stringify([userId, channelType, address, status, optOut, ...records]);
}

function sorted(record: object): string {
  return JSON.stringify(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
