import { sql } from 'kysely';
import { suppressedForm } from '../../domain/suppression.ts';
import type { Queryable } from '../database.ts';

export interface EndpointAt {
  readonly appId: string;
  readonly endpointId: string;
  /** As the endpoint has it. */
  readonly address: string;
  readonly optOut: string;
}

/**
 * The endpoints of all apps that have one of some addresses, exactly as they are given: an index lookup for each app and
 * address.
 */
export async function endpointsAt(
  db: Queryable,
  channelType: string,
  addresses: readonly string[],
): Promise<EndpointAt[]> {
  const rows = await db
    .selectFrom('app')
    .innerJoin('endpoint', 'endpoint.app_id', 'app.id')
    .select([
      'endpoint.app_id as appId',
      'endpoint.id as endpointId',
      'endpoint.address',
      'endpoint.opt_out as optOut',
    ])
    .where('endpoint.channel_type', '=', channelType)
    .where('endpoint.address', '=', sql<string>`any(${[...new Set(addresses)]}::text[])`)
    .orderBy('endpoint.app_id')
    .orderBy('endpoint.id')
    .execute();
  return rows.flatMap(({ address, ...row }) => (address === null ? [] : [{ ...row, address }]));
}

/** The endpoints of all apps with a phone number, as it is given or in the form in which numbers are suppressed. */
export function endpointsAtNumber(db: Queryable, number: string): Promise<EndpointAt[]> {
  return endpointsAt(db, 'SMS', [number, suppressedForm('SMS', number)?.address ?? number]);
}
