import { sql } from 'kysely';
import type { AudienceState, EndpointWrite } from '../../domain/endpoint/audience.ts';
import type { Endpoint, StringLists } from '../../domain/endpoint/endpoint.ts';
import { RepointError } from '../../domain/errors.ts';
import type { Tx } from '../database.ts';
import { endpointOf } from './endpoints.ts';

/** How often locks are taken anew when another writer moved an endpoint between looking and locking. */
const MOST_ATTEMPTS = 50;

/**
 * Locks and reads all that a batch of writes can touch. Every writer of endpoints takes its locks here and in one
 * order, so that none waits in a circle: users by id, then addresses and new endpoint ids, then endpoint rows by id.
 * Which users and addresses those are is known only by looking first; where that turns out to be stale once the locks
 * are held, they are let go and taken again.
 * @throws RepointError Unavailable when other writers keep moving the same endpoints
 */
export async function lockAudience(
  tx: Tx,
  appId: string,
  writes: readonly EndpointWrite[],
  now: Date,
): Promise<AudienceState> {
  const ids = [...new Set(writes.map((write) => write.id))];
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    await sql`savepoint audience`.execute(tx);
    const seen = await look(tx, appId, ids);
    const named = writes.flatMap(({ change }) => (change.userId ? [change.userId] : []));
    const kept = [...seen.values()].flatMap((place) => (place.userId === null ? [] : [place.userId]));
    const users = await lockUsers(tx, appId, [...named, ...kept], now);
    const addresses = claimedAddresses(writes, seen);
    await lockNames(
      tx,
      appId,
      addresses,
      ids.filter((id) => !seen.has(id)),
    );
    const others = await otherIds(tx, appId, addresses, joinedUsers(writes, seen));
    const endpoints = await lockEndpoints(tx, appId, [...ids, ...others]);
    if (ids.every((id) => samePlace(seen.get(id), endpoints.get(id)))) return { endpoints, users };
    await sql`rollback to savepoint audience`.execute(tx);
  }
  throw new RepointError('Unavailable', 'The endpoints are being written by others; try again');
}

/** Locks users by id, making those that are new. @returns their attributes */
export async function lockUsers(
  tx: Tx,
  appId: string,
  userIds: readonly string[],
  now: Date,
): Promise<Map<string, StringLists>> {
  const ids = [...new Set(userIds)].sort();
  if (ids.length === 0) return new Map();
  // An update that is never made still locks the row, and a new one is inserted, both in the order of the list.
  await tx
    .insertInto('app_user')
    .values(ids.map((id) => ({ app_id: appId, id, updated_at: now })))
    .onConflict((conflict) =>
      conflict
        .columns(['app_id', 'id'])
        .doUpdateSet((eb) => ({ updated_at: eb.ref('excluded.updated_at') }))
        .where(sql<boolean>`false`),
    )
    .execute();
  const rows = await tx
    .selectFrom('app_user')
    .select(['id', 'attributes'])
    .where('app_id', '=', appId)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row.attributes]));
}

/** Locks endpoint rows, in the order every writer takes them. @returns those that exist */
export async function lockEndpoints(
  tx: Tx,
  appId: string,
  ids: readonly string[],
): Promise<Map<string, Endpoint>> {
  const rows = await tx
    .selectFrom('endpoint')
    .selectAll()
    .where('app_id', '=', appId)
    .where(sql<boolean>`id = any(${[...ids]}::text[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.id, endpointOf(row)]));
}

/** What of an endpoint decides which locks a write needs. */
type Place = Pick<Endpoint, 'userId' | 'channelType' | 'address' | 'status'>;

async function look(tx: Tx, appId: string, ids: readonly string[]): Promise<Map<string, Place>> {
  const rows = await tx
    .selectFrom('endpoint')
    .select(['id', 'user_id as userId', 'channel_type as channelType', 'address', 'status'])
    .where('app_id', '=', appId)
    .where(sql<boolean>`id = any(${[...ids]}::text[])`)
    .execute();
  return new Map(rows.map(({ id, ...place }) => [id, place]));
}

function samePlace(seen: Place | undefined, now: Place | undefined): boolean {
  return (
    seen?.userId === now?.userId &&
    seen?.channelType === now?.channelType &&
    seen?.address === now?.address &&
    seen?.status === now?.status
  );
}

interface ChannelAddress {
  readonly channelType: string;
  readonly address: string;
}

/** The addresses the writes may take from another endpoint; one that an active endpoint keeps is its own already. */
function claimedAddresses(
  writes: readonly EndpointWrite[],
  seen: ReadonlyMap<string, Place>,
): ChannelAddress[] {
  const places = new Map(seen);
  return writes.flatMap(({ id, change }) => {
    const before = places.get(id);
    const channelType = change.channelType ?? before?.channelType ?? null;
    const address = change.address ?? before?.address ?? null;
    const status = change.status ?? 'ACTIVE';
    places.set(id, { userId: before?.userId ?? null, channelType, address, status });
    if (channelType === null || address === null || status !== 'ACTIVE') return [];
    const kept =
      before?.status === 'ACTIVE' && before.channelType === channelType && before.address === address;
    return kept ? [] : [{ channelType, address }];
  });
}

/** The users that an endpoint may come to. */
function joinedUsers(writes: readonly EndpointWrite[], seen: ReadonlyMap<string, Place>): string[] {
  const repeated = new Set(writes.map(({ id }) => id)).size < writes.length;
  return writes.flatMap(({ id, change }) =>
    change.userId && (repeated || change.userId !== seen.get(id)?.userId) ? [change.userId] : [],
  );
}

/** Two writers who bring the same address, or the same new endpoint, see nothing of each other's rows: they meet here. */
async function lockNames(
  tx: Tx,
  appId: string,
  addresses: readonly ChannelAddress[],
  newIds: readonly string[],
): Promise<void> {
  const names = [
    ...addresses.map(({ channelType, address }) => JSON.stringify([appId, channelType, address])),
    ...newIds.map((id) => JSON.stringify([appId, id])),
  ];
  if (names.length === 0) return;
  await sql`select pg_advisory_xact_lock(key) from (
    select distinct hashtextextended(name, 0) as key from unnest(${names}::text[]) as given(name) order by key offset 0) as keys`.execute(
    tx,
  );
}

async function otherIds(
  tx: Tx,
  appId: string,
  addresses: readonly ChannelAddress[],
  userIds: readonly string[],
): Promise<string[]> {
  if (addresses.length === 0 && userIds.length === 0) return [];
  const rows = await sql<{ id: string }>`
    select id from endpoint where app_id = ${appId} and user_id = any(${[...userIds]}::text[])
    union
    select endpoint.id from unnest(${addresses.map((one) => one.channelType)}::text[], ${addresses.map((one) => one.address)}::text[])
      as taken(channel_type, address)
      join endpoint on endpoint.app_id = ${appId} and endpoint.channel_type = taken.channel_type
        and endpoint.address = taken.address and endpoint.status = 'ACTIVE'`.execute(tx);
  return rows.rows.map((row) => row.id);
}
