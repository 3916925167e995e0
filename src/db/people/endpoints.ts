import { type Selectable, sql } from 'kysely';
import type { Endpoint, StringLists } from '../../domain/endpoint/endpoint.ts';
import { json, type Queryable, type Tx } from '../database.ts';
import type { EndpointTable } from '../tables/people.ts';

/** An endpoint with its user's attributes; its own unclaimed ones where it belongs to nobody. */
export interface EndpointWithUser extends Endpoint {
  readonly userAttributes: StringLists;
}

/** An endpoint; `undefined` when there is none. */
export async function findEndpoint(
  db: Queryable,
  appId: string,
  endpointId: string,
): Promise<EndpointWithUser | undefined> {
  const row = await withUsers(db, appId).where('endpoint.id', '=', endpointId).executeTakeFirst();
  return row && endpointWithUser(row);
}

/** Those of some endpoints that exist, in no order. */
export async function findEndpoints(
  db: Queryable,
  appId: string,
  endpointIds: readonly string[],
): Promise<EndpointWithUser[]> {
  const rows = await withUsers(db, appId)
    .where(sql<boolean>`endpoint.id = any(${[...endpointIds]}::text[])`)
    .execute();
  return rows.map(endpointWithUser);
}

/** A user's endpoints by id; none for a user who has none. */
export async function endpointsOfUser(
  db: Queryable,
  appId: string,
  userId: string,
): Promise<EndpointWithUser[]> {
  const rows = await withUsers(db, appId)
    .where('endpoint.user_id', '=', userId)
    .orderBy('endpoint.id')
    .execute();
  return rows.map(endpointWithUser);
}

/** Stores endpoints as they are given, new or not; their rows or ids were locked before. */
export async function storeEndpoints(tx: Tx, appId: string, endpoints: readonly Endpoint[]): Promise<void> {
  if (endpoints.length === 0) return;
  await tx
    .insertInto('endpoint')
    .values(endpoints.map((endpoint) => endpointValues(appId, endpoint)))
    .onConflict((conflict) =>
      conflict.columns(['app_id', 'id']).doUpdateSet((eb) => ({
        user_id: eb.ref('excluded.user_id'),
        channel_type: eb.ref('excluded.channel_type'),
        address: eb.ref('excluded.address'),
        status: eb.ref('excluded.status'),
        opt_out: eb.ref('excluded.opt_out'),
        opt_out_at: eb.ref('excluded.opt_out_at'),
        attributes: eb.ref('excluded.attributes'),
        metrics: eb.ref('excluded.metrics'),
        demographic: eb.ref('excluded.demographic'),
        location: eb.ref('excluded.location'),
        unclaimed_attributes: eb.ref('excluded.unclaimed_attributes'),
        request_id: eb.ref('excluded.request_id'),
        effective_date: eb.ref('excluded.effective_date'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .execute();
}

/** Stores all attributes of users who were locked before. */
export async function storeUsers(
  tx: Tx,
  appId: string,
  users: ReadonlyMap<string, StringLists>,
  now: Date,
): Promise<void> {
  if (users.size === 0) return;
  await tx
    .insertInto('app_user')
    .values(
      [...users].map(([id, attributes]) => ({
        app_id: appId,
        id,
        attributes: json(attributes),
        updated_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['app_id', 'id']).doUpdateSet((eb) => ({
        attributes: eb.ref('excluded.attributes'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .execute();
}

/** Notes that segments have to be asked about these endpoints, and about all endpoints of these users. */
export async function markDirty(
  tx: Queryable,
  appId: string,
  endpointIds: readonly string[],
  userIds: readonly string[],
): Promise<void> {
  if (endpointIds.length === 0 && userIds.length === 0) return;
  await sql`insert into dirty_endpoint (app_id, endpoint_id)
    select ${appId}::text, id from unnest(${[...endpointIds]}::text[]) as written(id)
    union
    select app_id, id from endpoint where app_id = ${appId} and user_id = any(${[...userIds]}::text[])`.execute(
    tx,
  );
}

function withUsers(db: Queryable, appId: string) {
  return db
    .selectFrom('endpoint')
    .leftJoin('app_user', (join) =>
      join.onRef('app_user.app_id', '=', 'endpoint.app_id').onRef('app_user.id', '=', 'endpoint.user_id'),
    )
    .selectAll('endpoint')
    .select('app_user.attributes as user_attributes')
    .where('endpoint.app_id', '=', appId);
}

function endpointWithUser(
  row: Selectable<EndpointTable> & { user_attributes: StringLists | null },
): EndpointWithUser {
  return { ...endpointOf(row), userAttributes: row.user_attributes ?? row.unclaimed_attributes };
}

/** A row of the endpoint table as the endpoint it is. */
export function endpointOf(row: Selectable<EndpointTable>): Endpoint {
  return {
    id: row.id,
    userId: row.user_id,
    channelType: row.channel_type,
    address: row.address,
    status: row.status,
    optOut: row.opt_out,
    optOutAt: row.opt_out_at,
    attributes: row.attributes,
    metrics: row.metrics,
    demographic: row.demographic,
    location: row.location,
    unclaimedAttributes: row.unclaimed_attributes,
    requestId: row.request_id,
    cohort: row.cohort,
    effectiveDate: row.effective_date,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function endpointValues(appId: string, endpoint: Endpoint) {
  return {
    app_id: appId,
    id: endpoint.id,
    user_id: endpoint.userId,
    channel_type: endpoint.channelType,
    address: endpoint.address,
    status: endpoint.status,
    opt_out: endpoint.optOut,
    opt_out_at: endpoint.optOutAt,
    attributes: json(endpoint.attributes),
    metrics: json(endpoint.metrics),
    demographic: json(endpoint.demographic),
    location: json(endpoint.location),
    unclaimed_attributes: json(endpoint.unclaimedAttributes),
    request_id: endpoint.requestId,
    cohort: endpoint.cohort,
    effective_date: endpoint.effectiveDate,
    created_at: endpoint.createdAt,
    updated_at: endpoint.updatedAt,
  };
}
