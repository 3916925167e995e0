import type { WriteCampaignRequest } from '@aws-sdk/client-pinpoint';
import { parseCampaign, pastStartWarning } from '../../../contract/campaign/campaign.ts';
import { requireApp } from '../../../db/apps.ts';
import { changeOpenRun, endOpenRun, readLastRun } from '../../../db/campaignRuns.ts';
import {
  type Campaign,
  insertCampaign,
  insertCampaignVersion,
  lockCampaign,
  readCampaign,
  setCampaignState,
} from '../../../db/campaigns.ts';
import type { Tx } from '../../../db/database.ts';
import { enqueue } from '../../../db/outbox.ts';
import { loadSegmentTree } from '../../../db/segments.ts';
import { workflowIdOf } from '../../../db/workflowIds.ts';
import { campaignStart } from '../../../db/workflowStarts.ts';
import type { CampaignMessages } from '../../../domain/campaign/document.ts';
import { type Fate, fateOf, type RunHistory } from '../../../domain/campaign/fate.ts';
import { badRequest, notFound, type Problem, RepointError, refuseAny } from '../../../domain/errors.ts';
import { compileProblems } from '../../../templates/check.ts';
import type { Call } from '../../handler.ts';
import { missingTemplates } from './campaignTemplates.ts';

/** A campaign's place: its app and its id. */
export interface CampaignKey {
  readonly appId: string;
  readonly id: string;
}

/** Stores a campaign and, unless it is paused or a draft, starts its workflow. Answers the stored one to a repeated call. */
export async function createCampaign(
  tx: Tx,
  key: CampaignKey,
  request: WriteCampaignRequest,
  tags: Readonly<Record<string, string>>,
  call: Call,
): Promise<Campaign> {
  const now = await call.deps.clock.now();
  const content = await readRequest(tx, key.appId, request, call);
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
  if (!(await insertCampaign(tx, campaign))) return found(await readCampaign(tx, key.appId, key.id), key);
  await startWorkflow(tx, campaign, fate, now, call);
  return campaign;
}

/**
 * Stores the campaign's next version, which takes over its open run. Members that the request leaves out keep their
 * value, so that `{"IsPaused": true}` alone pauses; tags are not changed.
 */
export async function updateCampaign(
  tx: Tx,
  key: CampaignKey,
  request: WriteCampaignRequest,
  call: Call,
): Promise<Campaign> {
  const now = await call.deps.clock.now();
  const stored = found(await lockCampaign(tx, key.appId, key.id, 'update'), key);
  const merged = { ...stored.document, ...pinnedSegment(stored, request), ...request };
  const content = await readRequest(tx, key.appId, merged as WriteCampaignRequest, call);
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
  await startWorkflow(tx, campaign, fate, now, call);
  return campaign;
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

async function readRequest(tx: Tx, appId: string, request: WriteCampaignRequest, call: Call) {
  const { document, segmentId, segmentVersion, warnings } = parseCampaign(request);
  refuseAny(textProblems(document.MessageConfiguration ?? {}));
  const segment = await loadSegmentTree(tx, appId, segmentId, segmentVersion);
  if (segment === null) {
    const version = segmentVersion === undefined ? '' : ` version ${segmentVersion}`;
    throw badRequest([{ path: 'SegmentId', message: `there is no segment "${segmentId}"${version}` }]);
  }
  if (segment.fault !== null) throw badRequest([{ path: 'SegmentId', message: segment.fault }]);
  for (const warning of [...warnings, ...(await missingTemplates(tx, document))]) call.warn(warning);
  return { document, segmentId, segmentVersion: segment.version };
}

const messagesWithTexts = [
  'EmailMessage',
  'SMSMessage',
  'DefaultMessage',
  'APNSMessage',
  'GCMMessage',
  'ADMMessage',
  'BaiduMessage',
] as const satisfies readonly (keyof CampaignMessages)[];

/** Inline texts have variables as templates do, and like these are refused where they do not compile. */
function textProblems(messages: CampaignMessages): Problem[] {
  return messagesWithTexts.flatMap((name) =>
    compileProblems(messages[name] ?? {}).map(({ path, message }) => ({
      path: `MessageConfiguration.${name}.${path}`,
      message,
    })),
  );
}

async function historyOf(tx: Tx, { appId, id }: CampaignKey): Promise<RunHistory> {
  const last = await readLastRun(tx, appId, id);
  if (last === undefined || last.ended_at === null)
    return { open: last !== undefined, endedStartTime: undefined };
  const ran = await readCampaign(tx, appId, id, last.campaign_version);
  if (ran === undefined) throw new RepointError('Internal', `A run names no version of campaign ${id}`);
  return { open: false, endedStartTime: ran.document.Schedule?.StartTime };
}

async function startWorkflow(tx: Tx, campaign: Campaign, fate: Fate, now: Date, call: Call): Promise<void> {
  if (!fate.starts) return;
  const warning = pastStartWarning(campaign.document, now);
  if (warning !== undefined) call.warn(warning);
  await enqueue(tx, [campaignStart(campaign, campaign.document.Name, now)], now);
}

/** Has the workflow of a version look again; one that never was or has ended is left in peace. */
async function tellWorkflow(tx: Tx, campaign: Campaign, now: Date): Promise<void> {
  const { appId } = campaign;
  const workflowId = workflowIdOf('campaignRun', campaign);
  await enqueue(tx, [{ kind: 'signal', signal: 'campaignChanged', workflowId, appId, notBefore: now }], now);
}
