import { sql } from 'kysely';
import { defaultTreatment } from '../domain/campaign/treatment.ts';
import type { Queryable } from './database.ts';

/** What a campaign has sent to one endpoint in its earlier runs. */
export interface Received {
  /** Sent, or perhaps sent, since `daySince`. */
  readonly inDay: number;
  /** Tried at all: Pinpoint's Total counts who was targeted. */
  readonly inAll: number;
}

/** Messages of a campaign to each of `endpointIds` by runs other than `runId`. An endpoint without any is absent. */
export async function receivedBefore(
  db: Queryable,
  run: { readonly appId: string; readonly campaignId: string; readonly runId: string },
  endpointIds: readonly string[],
  daySince: Date,
): Promise<ReadonlyMap<string, Received>> {
  const inDay = sql<string>`count(*) filter (where created_at > ${daySince} and state <> 'failed')`;
  const rows = await db
    .selectFrom('message')
    .select(({ fn }) => ['endpoint_id', inDay.as('in_day'), fn.countAll<string>().as('in_all')])
    .where('app_id', '=', run.appId)
    .where('endpoint_id', '=', sql<string>`any(${[...endpointIds]}::text[])`)
    .where('campaign_id', '=', run.campaignId)
    .where('owner', '<>', run.runId)
    .where('state', 'not in', ['skipped', 'queued'])
    .groupBy('endpoint_id')
    .execute();
  return new Map(
    rows.map((row) => [row.endpoint_id ?? '', { inDay: Number(row.in_day), inAll: Number(row.in_all) }]),
  );
}

/**
 * Which of `endpointIds` share their address with another endpoint that this run has a message for. The ledger has no
 * index on addresses and needs none: who shares an address is asked of the endpoints.
 */
export async function addressesTaken(
  db: Queryable,
  run: { readonly appId: string; readonly runId: string },
  endpointIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('endpoint')
    .innerJoin('endpoint as other', (join) =>
      join
        .onRef('other.app_id', '=', 'endpoint.app_id')
        .onRef('other.channel_type', '=', 'endpoint.channel_type')
        .onRef('other.address', '=', 'endpoint.address')
        .onRef('other.id', '<>', 'endpoint.id'),
    )
    .innerJoin('message', (join) =>
      join
        .onRef('message.app_id', '=', 'other.app_id')
        .onRef('message.recipient', '=', 'other.id')
        .onRef('message.address', '=', 'endpoint.address')
        .on('message.owner', '=', run.runId)
        .on('message.step', '=', defaultTreatment)
        .on('message.state', '<>', 'skipped'),
    )
    .select('endpoint.id')
    .distinct()
    .where('endpoint.app_id', '=', run.appId)
    .where('endpoint.id', '=', sql<string>`any(${[...endpointIds]}::text[])`)
    .execute();
  return new Set(rows.map((row) => row.id));
}
