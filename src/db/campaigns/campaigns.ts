import type { Selectable } from 'kysely';
import type { AppSettings } from '../../domain/appSettings.ts';
import type { CampaignDocument } from '../../domain/campaign/document.ts';
import type { PageRequest } from '../../domain/page.ts';
import { json, type Queryable, type Tx } from '../database.ts';
import { newestFirst } from '../page.ts';
import type { CampaignTable, CampaignVersionTable } from '../tables/campaigns.ts';

/** A campaign as one of its versions says. */
export interface Campaign {
  readonly appId: string;
  readonly id: string;
  readonly version: number;
  /** Pinpoint's CampaignStatus. */
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly document: CampaignDocument;
  /** The app's settings when the campaign was created. */
  readonly defaults: AppSettings;
  readonly segmentId: string;
  readonly segmentVersion: number;
  readonly createdAt: Date;
  /** Why Repoint itself paused the campaign by this version (OPERATOR_TERMINATED …); null: its author wrote it. */
  readonly pausedBecause: string | null;
  /** When this version was written. */
  readonly modifiedAt: Date;
}

type Row = Pick<Selectable<CampaignTable>, 'app_id' | 'id' | 'state' | 'tags' | 'defaults' | 'created_at'> &
  Pick<
    Selectable<CampaignVersionTable>,
    'version' | 'document' | 'segment_id' | 'segment_version' | 'paused_because'
  > & {
    modified_at: Date;
  };

function campaignOf(row: Row): Campaign {
  return {
    appId: row.app_id,
    id: row.id,
    version: row.version,
    state: row.state,
    tags: row.tags,
    document: row.document,
    defaults: row.defaults,
    segmentId: row.segment_id,
    segmentVersion: row.segment_version,
    pausedBecause: row.paused_because,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}

/** Stores a new campaign, version 1. False: there is one with this id already, and nothing was changed. */
export async function insertCampaign(tx: Tx, campaign: Campaign): Promise<boolean> {
  const inserted = await tx
    .insertInto('campaign')
    .values({
      app_id: campaign.appId,
      id: campaign.id,
      version: campaign.version,
      state: campaign.state,
      tags: json(campaign.tags),
      defaults: json(campaign.defaults),
      created_at: campaign.createdAt,
    })
    .onConflict((conflict) => conflict.columns(['app_id', 'id']).doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows === 0n) return false;
  await insertVersion(tx, campaign);
  return true;
}

/** Makes `campaign` the newest version of itself. Its row is locked by the caller. */
export async function insertCampaignVersion(tx: Tx, campaign: Campaign): Promise<void> {
  await tx
    .updateTable('campaign')
    .set({ version: campaign.version, state: campaign.state })
    .where('app_id', '=', campaign.appId)
    .where('id', '=', campaign.id)
    .execute();
  await insertVersion(tx, campaign);
}

async function insertVersion(tx: Tx, campaign: Campaign): Promise<void> {
  await tx
    .insertInto('campaign_version')
    .values({
      app_id: campaign.appId,
      campaign_id: campaign.id,
      version: campaign.version,
      document: json(campaign.document),
      segment_id: campaign.segmentId,
      segment_version: campaign.segmentVersion,
      paused_because: campaign.pausedBecause,
      created_at: campaign.modifiedAt,
    })
    .execute();
}

/** Sets Pinpoint's state of a campaign, whatever it is now: lock the campaign before. */
export async function setCampaignState(tx: Tx, appId: string, id: string, state: string): Promise<void> {
  await tx.updateTable('campaign').set({ state }).where('app_id', '=', appId).where('id', '=', id).execute();
}

function versions(db: Queryable, appId: string) {
  return db
    .selectFrom('campaign')
    .innerJoin('campaign_version as v', (join) =>
      join.onRef('v.app_id', '=', 'campaign.app_id').onRef('v.campaign_id', '=', 'campaign.id'),
    )
    .select([
      'campaign.app_id',
      'campaign.id',
      'campaign.state',
      'campaign.tags',
      'campaign.defaults',
      'campaign.created_at',
      'v.version',
      'v.document',
      'v.segment_id',
      'v.segment_version',
      'v.paused_because',
      'v.created_at as modified_at',
    ])
    .where('campaign.app_id', '=', appId);
}

/** A campaign as its newest version, or as `version`, says; undefined where there is none. */
export async function readCampaign(
  db: Queryable,
  appId: string,
  id: string,
  version?: number,
): Promise<Campaign | undefined> {
  const row = await versions(db, appId)
    .where('campaign.id', '=', id)
    .where((at) =>
      version === undefined
        ? at('v.version', '=', at.ref('campaign.version'))
        : at('v.version', '=', version),
    )
    .executeTakeFirst();
  return row && campaignOf(row);
}

/**
 * The newest version of a campaign, its row locked until the transaction ends: `update` to change it, `share` for a send
 * that a change has to wait for.
 */
export async function lockCampaign(
  tx: Tx,
  appId: string,
  id: string,
  mode: 'update' | 'share',
): Promise<Campaign | undefined> {
  const row = tx.selectFrom('campaign').select('id').where('app_id', '=', appId).where('id', '=', id);
  const locked = await (mode === 'update' ? row.forUpdate() : row.forShare()).executeTakeFirst();
  return locked && readCampaign(tx, appId, id);
}

/** Campaigns that are not deleted, newest first; one more than the page holds, where there is one. */
export async function listCampaigns(db: Queryable, appId: string, page: PageRequest): Promise<Campaign[]> {
  const rows = await versions(db, appId)
    .whereRef('v.version', '=', 'campaign.version')
    .where('campaign.state', '<>', 'DELETED')
    .$call(newestFirst(page, 'campaign.created_at', 'campaign.id'))
    .execute();
  return rows.map(campaignOf);
}

/** Versions of a campaign, newest first; one more than the page holds, where there is one. The page's key is the version. */
export async function listCampaignVersions(
  db: Queryable,
  appId: string,
  id: string,
  page: PageRequest,
): Promise<Campaign[]> {
  const { after } = page;
  const rows = await versions(db, appId)
    .where('campaign.id', '=', id)
    .$if(after !== undefined, (query) => query.where('v.version', '<', Number(after?.id)))
    .orderBy('v.version', 'desc')
    .limit(page.size + 1)
    .execute();
  return rows.map(campaignOf);
}
