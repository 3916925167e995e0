import { type Member, type MemberPage, readMembers } from '../db/campaignMembers.ts';
import { type CampaignRun, readRun } from '../db/campaignRuns.ts';
import { type Campaign, lockCampaign } from '../db/campaigns.ts';
import type { Tx } from '../db/database.ts';
import { loadSegmentTree } from '../db/segments.ts';
import { isCampaignChannelType, reachedChannelTypes } from '../domain/campaign/content.ts';
import type { CampaignDocument } from '../domain/campaign/document.ts';
import { campaignOwner } from '../sending/campaignOwner.ts';
import type { ClaimTime } from '../sending/ledger.ts';
import { recordSkip } from '../sending/record.ts';
import { type CampaignCall, claimCalls, recipientOf } from './campaignCalls.ts';
import { type ChannelContent, contentFor } from './campaignContent.ts';
import { refusals } from './campaignRefusals.ts';
import type { CampaignPage, CampaignRunInput } from './campaignRunActivities.ts';

export interface CampaignChunk {
  readonly is: 'chunk';
  readonly calls: readonly CampaignCall[];
  /** When (logical) somebody else's claims on members of this chunk are dead. */
  readonly waitUntil: Date | undefined;
  /** The last endpoint that was looked at. */
  readonly position: string;
}

/** A run that may go on sending. */
export interface Going {
  readonly campaign: Campaign;
  readonly run: CampaignRun;
}

/**
 * Claims the next members of a run, up to `limit`, in one transaction: who gets nothing is written with its reason, who is
 * settled is left alone, the rest are the calls to make. Pause, deletion and newer versions of the campaign wait for this
 * transaction, so after them nobody is claimed.
 */
export async function claimChunk(
  tx: Tx,
  input: CampaignRunInput,
  limit: number,
  time: ClaimTime,
  keepsBody = false,
): Promise<CampaignChunk | CampaignPage> {
  const going = await mayGoOn(tx, input);
  if (going === undefined) return { is: 'stopped' };
  const { campaign, run } = going;
  if (run.expires_at !== null && time.logical >= run.expires_at) return { is: 'expired' };
  const next = await nextMembers(tx, going, limit);
  if (next === null) return { is: 'segmentDeleted' };
  const { members } = next;
  const position = next.end ?? members.at(-1)?.id;
  if (position === undefined) return { is: 'finished' };
  const contents = await contentsFor(tx, input.appId, campaign.document, members);
  const limits = campaign.document.Limits ?? {};
  const refused = await refusals(tx, members, { run: input, limits, contents, now: time.logical });
  await skipRefused(tx, input, members, refused, time);
  const chosen = members.filter((member) => !refused.has(member.id));
  const { calls, waitUntil } = await claimCalls(tx, { input, contents, time, keepsBody }, chosen);
  return { is: 'chunk', calls, waitUntil, position };
}

/** The campaign with its row locked against changes, while this version may still send. */
async function mayGoOn(tx: Tx, input: CampaignRunInput): Promise<Going | undefined> {
  const campaign = await lockCampaign(tx, input.appId, input.campaignId, 'share');
  if (campaign === undefined || campaign.state === 'DELETED' || campaign.version !== input.version)
    return undefined;
  const run = await readRun(tx, input.appId, input.runId);
  if (run === undefined || run.ended_at !== null) return undefined;
  return { campaign, run };
}

async function nextMembers(tx: Tx, { campaign, run }: Going, limit: number): Promise<MemberPage | null> {
  const { appId, segmentId, segmentVersion, document } = campaign;
  const segment = await loadSegmentTree(tx, appId, segmentId, segmentVersion);
  // A segment whose source was deleted matches nobody: that is not an audience that was reached.
  if (segment === null || segment.fault !== null) return null;
  return await readMembers(tx, {
    appId,
    tree: segment.tree,
    asOf: run.started_at,
    channelTypes: reachedChannelTypes(document),
    after: run.position,
    limit,
  });
}

async function contentsFor(
  tx: Tx,
  appId: string,
  document: CampaignDocument,
  members: readonly Member[],
): Promise<ReadonlyMap<string, ChannelContent>> {
  const contents = new Map<string, ChannelContent>();
  for (const channelType of new Set(members.map((member) => member.channel_type))) {
    if (isCampaignChannelType(channelType))
      contents.set(channelType, await contentFor(tx, appId, document, channelType));
  }
  return contents;
}

async function skipRefused(
  tx: Tx,
  input: CampaignRunInput,
  members: readonly Member[],
  refused: ReadonlyMap<string, string>,
  time: ClaimTime,
): Promise<void> {
  for (const member of members) {
    const reason = refused.get(member.id);
    if (reason === undefined) continue;
    const { channel, ...recipient } = recipientOf(member);
    await recordSkip(tx, campaignOwner(input, channel), recipient, reason, time.logical);
  }
}
