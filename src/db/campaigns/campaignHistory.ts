import { type SqlBool, sql } from 'kysely';
import { defaultTreatment } from '../../domain/campaign/treatment.ts';
import type { Queryable } from '../database.ts';

/** What an endpoint has received before a run. */
export interface Received {
  /** Of the campaign: sent, or perhaps sent, since `daySince`. */
  readonly inDay: number;
  /** The same of all campaigns and journeys of the app. */
  readonly inDayOfAll: number;
  /** Of the campaign: tried at all: Pinpoint's Total counts who was targeted. */
  readonly inAll: number;
}

/** Messages to each of `endpointIds`, those of run `runId` apart. An endpoint without any is absent. */
export async function receivedBefore(
  db: Queryable,
  run: { readonly appId: string; readonly campaignId: string; readonly runId: string },
  endpointIds: readonly string[],
  daySince: Date,
): Promise<ReadonlyMap<string, Received>> {
  const ofCampaign = sql<SqlBool>`campaign_id is not distinct from ${run.campaignId}`;
  const inDay = sql<SqlBool>`created_at > ${daySince} and state <> 'failed'`;
  const ofAll = sql<SqlBool>`owner_kind in ('entry', 'campaign') and attempted_at > ${daySince} and state <> 'failed'`;
  const rows = await db
    .selectFrom('message')
    .select([
      'endpoint_id',
      sql<string>`count(*) filter (where ${ofCampaign} and ${inDay})`.as('in_day'),
      sql<string>`count(*) filter (where ${ofAll})`.as('in_day_of_all'),
      sql<string>`count(*) filter (where ${ofCampaign})`.as('in_all'),
    ])
    .where('app_id', '=', run.appId)
    .where('endpoint_id', '=', sql<string>`any(${[...endpointIds]}::text[])`)
    .where((row) => row.or([ofCampaign, ofAll]))
    .where('owner', '<>', run.runId)
    .where('state', 'not in', ['skipped', 'queued'])
    .groupBy('endpoint_id')
    .execute();
  return new Map(
    rows.map((row) => [
      row.endpoint_id ?? '',
      { inDay: Number(row.in_day), inDayOfAll: Number(row.in_day_of_all), inAll: Number(row.in_all) },
    ]),
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
