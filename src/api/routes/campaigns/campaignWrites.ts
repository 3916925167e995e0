import type { WriteCampaignRequest } from '@aws-sdk/client-pinpoint';
import { parseCampaign, pastStartWarning } from '../../../contract/campaign/campaign.ts';
import { tagsProblems } from '../../../contract/tags.ts';
import { requireApp } from '../../../db/apps.ts';
import { changeOpenRun, endOpenRun, readLastRun } from '../../../db/campaigns/campaignRuns.ts';
import {
  type Campaign,
  insertCampaign,
  insertCampaignVersion,
  lockCampaign,
  readCampaign,
  setCampaignState,
} from '../../../db/campaigns/campaigns.ts';
import type { Tx } from '../../../db/database.ts';
import { enqueue } from '../../../db/outbox/outbox.ts';
import { workflowIdOf } from '../../../db/outbox/workflowIds.ts';
import { campaignStart } from '../../../db/outbox/workflowStarts.ts';
import { loadSegmentTree } from '../../../db/segments/segments.ts';
import type { CampaignMessages } from '../../../domain/campaign/document.ts';
import { type Fate, fateOf, type RunHistory } from '../../../domain/campaign/fate.ts';
import { notFound, type Problem, RepointError } from '../../../domain/errors.ts';
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
  const content = await readRequest(tx, key.appId, request, call, tags);
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

async function readRequest(
  tx: Tx,
  appId: string,
  request: WriteCampaignRequest,
  call: Call,
  tags: Readonly<Record<string, string>> = {},
) {
  const segment = await findSegment(tx, appId, request);
  const found = [
    ...textProblems(request.MessageConfiguration ?? {}),
    ...segment.problems,
    ...tagsProblems(tags),
  ];
  const { document, segmentId, warnings } = parseCampaign(request, found);
  for (const warning of [...warnings, ...(await missingTemplates(tx, document))]) call.warn(warning);
  if (segment.version === undefined)
    throw new RepointError('Internal', 'A campaign without a segment passed');
  return { document, segmentId, segmentVersion: segment.version };
}

interface FoundSegment {
  readonly version?: number;
  readonly problems: readonly Problem[];
}

/** The segment that a request names, or what is wrong with it; nothing of one that is not named as it has to be. */
async function findSegment(
  tx: Tx,
  appId: string,
  { SegmentId: id, SegmentVersion: version }: WriteCampaignRequest,
): Promise<FoundSegment> {
  if (!id || (version !== undefined && !(Number.isInteger(version) && version >= 1))) return { problems: [] };
  const segment = await loadSegmentTree(tx, appId, id, version);
  const refused = (message: string) => ({ problems: [{ path: 'SegmentId', message }] });
  if (segment === null)
    return refused(`there is no segment "${id}"${version === undefined ? '' : ` version ${version}`}`);
  return segment.fault === null ? { version: segment.version, problems: [] } : refused(segment.fault);
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
function textProblems(messages: NonNullable<WriteCampaignRequest['MessageConfiguration']>): Problem[] {
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
