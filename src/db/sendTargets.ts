import type { Selectable } from 'kysely';
import type { Queryable } from './database.ts';
import type { EndpointTable } from './tables/people.ts';

/** An endpoint with the attributes of its user, or its own unclaimed ones. */
export type SendTarget = Selectable<EndpointTable> & { user_attributes: Record<string, string[]> };

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
    .leftJoin('app_user', (join) =>
      join.onRef('app_user.app_id', '=', 'endpoint.app_id').onRef('app_user.id', '=', 'endpoint.user_id'),
    )
    .selectAll('endpoint')
    .select((eb) =>
      eb.fn.coalesce('app_user.attributes', 'endpoint.unclaimed_attributes').as('user_attributes'),
    )
    .where('endpoint.app_id', '=', appId)
    .where(`endpoint.${column}`, 'in', values)
    .orderBy('endpoint.id')
    .execute();
}
