import type { Tx } from '../db/database.ts';
import type { EndpointRow } from './recipients.ts';

/** The attributes of an endpoint's user, or those it keeps for the user it will have. */
export async function userAttributes(
  tx: Tx,
  endpoint: EndpointRow,
): Promise<Record<string, string[]> | null> {
  if (endpoint.user_id === null) return endpoint.unclaimed_attributes;
  const user = await tx
    .selectFrom('app_user')
    .select('attributes')
    .where('app_id', '=', endpoint.app_id)
    .where('id', '=', endpoint.user_id)
    .executeTakeFirst();
  return user?.attributes ?? null;
}
