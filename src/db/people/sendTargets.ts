import { type Selectable, sql } from 'kysely';
import type { Queryable } from '../database.ts';
import type { EndpointTable } from '../tables/people.ts';

/** An endpoint with the attributes of its user, or its own unclaimed ones. */
export type SendTarget = Selectable<EndpointTable> & { user_attributes: Record<string, string[]> };

/** Why nothing may be sent to an endpoint, in Pinpoint's words; null where something may. */
export function refusalOf({
  opt_out,
  status,
}: Pick<SendTarget, 'opt_out' | 'status'>): 'ENDPOINT_OPT_OUT' | 'ENDPOINT_INACTIVE' | null {
  if (opt_out === 'ALL') return 'ENDPOINT_OPT_OUT';
  return status === 'ACTIVE' ? null : 'ENDPOINT_INACTIVE';
}

/** In a query on `endpoint`: the attributes of its user, or those it keeps for the user it will have. */
export const userAttributes = sql<SendTarget['user_attributes']>`coalesce(
  (select attributes from app_user where app_user.app_id = endpoint.app_id and app_user.id = endpoint.user_id),
  endpoint.unclaimed_attributes)`;

/** Endpoints by their ids, in no order; ids that are not there are missing. */
export function targetsByEndpoint(
  db: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<SendTarget[]> {
  return targets(db, appId, 'id', ids);
}

/** Every endpoint of some users. */
export function targetsByUser(
  db: Queryable,
  appId: string,
  userIds: readonly string[],
): Promise<SendTarget[]> {
  return targets(db, appId, 'user_id', userIds);
}

async function targets(
  db: Queryable,
  appId: string,
  column: 'id' | 'user_id',
  values: readonly string[],
): Promise<SendTarget[]> {
  if (values.length === 0) return [];
  return db
    .selectFrom('endpoint')
    .selectAll('endpoint')
    .select(userAttributes.as('user_attributes'))
    .where('endpoint.app_id', '=', appId)
    .where(`endpoint.${column}`, 'in', values)
    .orderBy('endpoint.id')
    .execute();
}
