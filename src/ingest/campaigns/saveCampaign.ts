import type { WriteCampaignRequest } from '@aws-sdk/client-pinpoint';
import { pastStartWarning } from '../../contract/campaign/campaign.ts';
import { requireApp } from '../../db/apps.ts';
import { changeOpenRun, endOpenRun, readLastRun } from '../../db/campaigns/campaignRuns.ts';
import {
  type Campaign,
  insertCampaign,
  insertCampaignVersion,
  lockCampaign,
  readCampaign,
  setCampaignState,
} from '../../db/campaigns/campaigns.ts';
import type { Tx } from '../../db/database.ts';
import { enqueue } from '../../db/outbox/outbox.ts';
import { workflowIdOf } from '../../db/outbox/workflowIds.ts';
import { campaignStart } from '../../db/outbox/workflowStarts.ts';
import { type Fate, fateOf, type RunHistory } from '../../domain/campaign/fate.ts';
import { notFound, RepointError } from '../../domain/errors.ts';
import { readCampaignRequest } from './readCampaignRequest.ts';

/** A campaign's place: its app and its id. */
export interface CampaignKey {
  readonly appId: string;
  readonly id: string;
}

/** A campaign as it was stored, and what its author should hear. */
export interface SavedCampaign {
  readonly campaign: Campaign;
  readonly warnings: readonly string[];
}

/**
 * Stores a campaign and, unless it is paused or a draft, starts its workflow. Answers the stored one to a repeated call.
 * @throws RepointError BadRequest with every problem; NotFound where there is no such app
 */
export async function createCampaign(
  tx: Tx,
  key: CampaignKey,
  request: WriteCampaignRequest,
  tags: Readonly<Record<string, string>>,
  now: Date,
): Promise<SavedCampaign> {
  const { warnings, ...content } = await readCampaignRequest(tx, key.appId, request, tags);
  const fate = fateOf(content.document, { open: false, endedStartTime: undefined });
  const campaign = {
    ...key,
    ...content,
    version: 1,
    state: fate.state,
    tags,
    defaults: (await requireApp(tx, key.appId)).settings,
    pausedBecause: null,
    createdAt: now,
    modifiedAt: now,
  };
  if (!(await insertCampaign(tx, campaign)))
    return { campaign: found(await readCampaign(tx, key.appId, key.id), key), warnings };
  return { campaign, warnings: [...warnings, ...(await startWorkflow(tx, campaign, fate, now))] };
}

/**
 * Stores the campaign's next version, which takes over its open run. Members that the request leaves out keep their
 * value, so that `{"IsPaused": true}` alone pauses; tags are not changed.
 */
export async function updateCampaign(
  tx: Tx,
  key: CampaignKey,
  request: WriteCampaignRequest,
  now: Date,
): Promise<SavedCampaign> {
  const stored = found(await lockCampaign(tx, key.appId, key.id, 'update'), key);
  const merged = { ...stored.document, ...pinnedSegment(stored, request), ...request };
  const { warnings, ...content } = await readCampaignRequest(tx, key.appId, merged as WriteCampaignRequest);
  const fate = fateOf(content.document, await historyOf(tx, key));
  const isLeftPaused = fate.state === 'PAUSED' && request.IsPaused === undefined;
  const campaign = {
    ...stored,
    ...content,
    version: stored.version + 1,
    state: fate.state,
    pausedBecause: isLeftPaused ? stored.pausedBecause : null,
    modifiedAt: now,
  };
  await insertCampaignVersion(tx, campaign);
  if (fate.state === 'PAUSED') await changeOpenRun(tx, key.appId, key.id, { state: 'PAUSED' });
  await tellWorkflow(tx, stored, now);
  return { campaign, warnings: [...warnings, ...(await startWorkflow(tx, campaign, fate, now))] };
}

/** Marks a campaign deleted and ends its open run; what it sent stays told by get-campaign-activities. */
export async function deleteCampaign(tx: Tx, key: CampaignKey, now: Date): Promise<Campaign> {
  const stored = found(await lockCampaign(tx, key.appId, key.id, 'update'), key);
  await setCampaignState(tx, key.appId, key.id, 'DELETED');
  const end = { state: 'CANCELLED', result: 'FAIL', reason: 'CAMPAIGN_DELETED' } as const;
  await endOpenRun(tx, key.appId, key.id, end, now);
  await tellWorkflow(tx, stored, now);
  return { ...stored, state: 'DELETED' };
}

function found(campaign: Campaign | undefined, { id }: CampaignKey): Campaign {
  if (campaign === undefined || campaign.state === 'DELETED') throw notFound(`campaign ${id}`);
  return campaign;
}

/** The version that was pinned stays, until the caller names a segment or a version of one. */
function pinnedSegment(stored: Campaign, request: WriteCampaignRequest): WriteCampaignRequest {
  if (request.SegmentId !== undefined && request.SegmentId !== stored.segmentId) return {};
  return { SegmentId: stored.segmentId, SegmentVersion: stored.segmentVersion };
}

async function historyOf(tx: Tx, { appId, id }: CampaignKey): Promise<RunHistory> {
  const last = await readLastRun(tx, appId, id);
  if (last === undefined || last.ended_at === null)
    return { open: last !== undefined, endedStartTime: undefined };
  const ran = await readCampaign(tx, appId, id, last.campaign_version);
  if (ran === undefined) throw new RepointError('Internal', `A run names no version of campaign ${id}`);
  return { open: false, endedStartTime: ran.document.Schedule?.StartTime };
}

/** Starts the version's workflow where it is to be. @returns a warning for a start that has passed */
async function startWorkflow(tx: Tx, campaign: Campaign, fate: Fate, now: Date): Promise<string[]> {
  if (!fate.starts) return [];
  await enqueue(tx, [campaignStart(campaign, campaign.document.Name, now)], now);
  const warning = pastStartWarning(campaign.document, now);
  return warning === undefined ? [] : [warning];
}

/** Has the workflow of a version look again; one that never was or has ended is left in peace. */
async function tellWorkflow(tx: Tx, campaign: Campaign, now: Date): Promise<void> {
  const { appId } = campaign;
  const workflowId = workflowIdOf('campaignRun', campaign);
  await enqueue(tx, [{ kind: 'signal', signal: 'campaignChanged', workflowId, appId, notBefore: now }], now);
}
