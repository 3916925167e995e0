import { sql } from 'kysely';
import { suppressedForm } from '../domain/suppression.ts';
import type { Queryable } from './database.ts';

export interface EndpointAt {
  readonly appId: string;
  readonly endpointId: string;
  /** As the endpoint has it. */
  readonly address: string;
}

/**
 * The endpoints of all apps that have an address, written as it is given or in the form in which addresses are suppressed.
 * An index lookup for each app.
 */
export async function endpointsAt(
  db: Queryable,
  channelType: string,
  address: string,
): Promise<EndpointAt[]> {
  const forms = [address, suppressedForm(channelType, address)?.address ?? address];
  const rows = await db
    .selectFrom('app')
    .innerJoin('endpoint', 'endpoint.app_id', 'app.id')
    .select(['endpoint.app_id as appId', 'endpoint.id as endpointId', 'endpoint.address'])
    .where('endpoint.channel_type', '=', channelType)
    .where('endpoint.address', '=', sql<string>`any(${forms}::text[])`)
    .orderBy('endpoint.app_id')
    .orderBy('endpoint.id')
    .execute();
  return rows.map((row) => ({ ...row, address: row.address ?? address }));
}
