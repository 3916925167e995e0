import { RepointError } from '../errors.ts';
import { type Endpoint, type EndpointChange, isPush, type StringLists } from './endpoint.ts';
import { differs, mergeEndpoint, mergeLists, sameLists } from './merge.ts';

/** Pinpoint's quotas: endpoints of one user, and kilobytes of one endpoint with its user's attributes. */
export const MOST_ENDPOINTS_PER_USER = 15;
export const LARGEST_ENDPOINT_BYTES = 15 * 1024;

/** The endpoints and users that a batch of writes can touch, as they were. */
export interface AudienceState {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** Attributes by user id. */
  readonly users: ReadonlyMap<string, StringLists>;
}

export interface EndpointWrite {
  readonly id: string;
  readonly change: EndpointChange;
}

/** What a batch of writes comes to. */
export interface AudienceOutcome {
  /** One per write, in order: why it was refused, or null. A refused write changes nothing. */
  readonly refusals: readonly (RepointError | null)[];
  /** Endpoints to store. */
  readonly written: readonly Endpoint[];
  /** Of these, the ones a segment or sender would see differently. */
  readonly changed: readonly Endpoint[];
  /** Users whose attributes changed, with all of them. */
  readonly users: ReadonlyMap<string, StringLists>;
}

/**
 * Applies writes one after another: merging, the shared attributes of a user, the older endpoint of an address that
 * turns INACTIVE, and the quota of endpoints per user.
 * @param state must hold every endpoint that has the address of a written one or belongs to a user it joins
 */
export function applyWrites(
  state: AudienceState,
  writes: readonly EndpointWrite[],
  now: Date,
): AudienceOutcome {
  const endpoints = new Map(state.endpoints);
  const users = new Map(state.users);
  const refusals = writes.map((write) => applyWrite({ endpoints, users }, write, now));
  const written = [...endpoints.values()].filter((after) => state.endpoints.get(after.id) !== after);
  const changed = written.filter((after) => differs(state.endpoints.get(after.id), after));
  const changedUsers = [...users].filter(([id, after]) => !sameLists(state.users.get(id) ?? {}, after));
  return { refusals, written, changed, users: new Map(changedUsers) };
}

interface Draft {
  readonly endpoints: Map<string, Endpoint>;
  readonly users: Map<string, StringLists>;
}

function applyWrite(draft: Draft, { id, change }: EndpointWrite, now: Date): RepointError | null {
  const before = draft.endpoints.get(id);
  const after = mergeEndpoint(id, before, change, now);
  const userAttributes = attributesOfUser(draft, before, after, change);
  const evicted = roomFor(draft, before, after);
  const refusal = refuse(after) ?? tooLarge(after, userAttributes) ?? evicted.refusal;
  if (refusal !== null) return refusal;
  if (evicted.oldest !== null) {
    draft.endpoints.set(evicted.oldest.id, {
      ...evicted.oldest,
      userId: null,
      status: 'INACTIVE',
      updatedAt: now,
    });
  }
  draft.endpoints.set(id, after);
  if (after.userId !== null) draft.users.set(after.userId, userAttributes);
  retireOthersAt(draft, after, now);
  return null;
}

/** What an endpoint brings along from before it had a user gives way to what is known of the user. */
function attributesOfUser(
  draft: Draft,
  before: Endpoint | undefined,
  after: Endpoint,
  change: EndpointChange,
): StringLists {
  if (after.userId === null) return {};
  const known = mergeLists(before?.unclaimedAttributes, draft.users.get(after.userId));
  return mergeLists(known, change.userAttributes);
}

function refuse(after: Endpoint): RepointError | null {
  const addressable = after.channelType !== null && after.channelType !== 'IN_APP';
  if (addressable && after.address === null) return refusal('Address', 'Missing Address');
  if (after.address !== null && after.channelType === null)
    return refusal('ChannelType', 'Missing ChannelType');
  return null;
}

function tooLarge(after: Endpoint, userAttributes: StringLists): RepointError | null {
  const { effectiveDate, createdAt, updatedAt, optOutAt, cohort, ...kept } = after;
  const bytes = new TextEncoder().encode(JSON.stringify({ ...kept, userAttributes })).length;
  if (bytes <= LARGEST_ENDPOINT_BYTES) return null;
  const most = `at most ${LARGEST_ENDPOINT_BYTES} bytes`;
  return refusal(
    '',
    `The endpoint with its user's attributes would have ${bytes} bytes; ${most} are allowed`,
  );
}

/** Whether the endpoint's new user has room for it. On a push channel the user's oldest push endpoint makes way. */
function roomFor(
  draft: Draft,
  before: Endpoint | undefined,
  after: Endpoint,
): { readonly refusal: RepointError | null; readonly oldest: Endpoint | null } {
  const room = { refusal: null, oldest: null };
  if (after.userId === null || after.userId === before?.userId) return room;
  const others = [...draft.endpoints.values()].filter(
    (other) => other.userId === after.userId && other.id !== after.id,
  );
  if (others.length < MOST_ENDPOINTS_PER_USER) return room;
  const oldest = others.filter((other) => isPush(other.channelType)).sort(byAge)[0];
  if (isPush(after.channelType) && oldest !== undefined) return { refusal: null, oldest };
  const text = `Exceeded maximum endpoint per user count ${MOST_ENDPOINTS_PER_USER}`;
  return { refusal: refusal('User.UserId', text), oldest: null };
}

function byAge(a: Endpoint, b: Endpoint): number {
  return a.effectiveDate.getTime() - b.effectiveDate.getTime() || (a.id < b.id ? -1 : 1);
}

/** An address belongs to the endpoint that was written last: an older one on the same channel is INACTIVE. */
function retireOthersAt(draft: Draft, after: Endpoint, now: Date): void {
  if (after.status !== 'ACTIVE' || after.address === null || after.channelType === null) return;
  for (const other of draft.endpoints.values()) {
    const same = other.address === after.address && other.channelType === after.channelType;
    if (same && other.id !== after.id && other.status === 'ACTIVE') {
      draft.endpoints.set(other.id, { ...other, status: 'INACTIVE', updatedAt: now });
    }
  }
}

/** In the original's exact words: clients match on them. */
function refusal(path: string, message: string): RepointError {
  return new RepointError('BadRequest', message, { problems: [{ path, message }] });
}
