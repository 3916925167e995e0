import { readMembers } from '../../db/campaigns/campaignMembers.ts';
import { type CampaignRun, readRun } from '../../db/campaigns/campaignRuns.ts';
import { type Campaign, lockCampaign } from '../../db/campaigns/campaigns.ts';
import type { Tx } from '../../db/database.ts';
import { loadSegmentTree } from '../../db/segments/segments.ts';
import { type CampaignChannel, reachOf } from '../../domain/campaign/content.ts';
import type { CampaignDocument } from '../../domain/campaign/document.ts';
import { campaignTimes, endpointLimits } from '../../domain/campaign/limits.ts';
import type { Channel } from '../../domain/channel.ts';
import { RepointError } from '../../domain/errors.ts';
import { campaignOwner } from '../../sending/campaignOwner.ts';
import type { ClaimTime } from '../../sending/ledger.ts';
import { recordSkip } from '../../sending/record.ts';
import {
  type CampaignCall,
  type CampaignMember,
  type CampaignSettings,
  claimCalls,
  recipientOf,
} from './campaignCalls.ts';
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

/** Too few slots for even the first member: so many are wanted of each channel for all of them. Nothing was written. */
export interface SlotsWanted {
  readonly is: 'wanted';
  readonly counts: SlotCounts;
}

/** How many messages may leave by each channel. */
export type SlotCounts = ReadonlyMap<Channel, number>;

/** A run that may go on sending. */
export interface Going {
  readonly campaign: Campaign;
  readonly run: CampaignRun;
}

/**
 * Claims the next members of a run, up to `limit`, in one transaction: who gets nothing is written with its reason, who is
 * settled is left alone, the rest are the calls to make. Pause, deletion and newer versions of the campaign wait for this
 * transaction, so after them nobody is claimed.
 * @param slots members are taken for as long as their channels have some
 */
export async function claimChunk(
  tx: Tx,
  input: CampaignRunInput,
  { limit, slots }: { readonly limit: number; readonly slots: SlotCounts },
  time: ClaimTime,
  config: CampaignSettings,
): Promise<CampaignChunk | SlotsWanted | CampaignPage> {
  const going = await mayGoOn(tx, input);
  if (going === undefined) return { is: 'stopped' };
  const { campaign, run } = going;
  if (run.expires_at !== null && time.logical >= run.expires_at) return { is: 'expired' };
  const next = await nextMembers(tx, going, limit);
  if (next === null) return { is: 'segmentDeleted' };
  if (next.members.length === 0 && next.end === null) return { is: 'finished' };
  const contents = await contentsFor(tx, input.appId, campaign.document, next.members);
  const limits = endpointLimits(campaign.document, campaign.defaults);
  const times = campaignTimes(campaign.document, campaign.defaults);
  const scene = { run: input, limits, times, contents, now: time.logical };
  const refused = await refusals(tx, next.members, scene);
  const members = withSlots(next.members, refused, slots);
  if (members.length === 0 && next.members.length > 0)
    return { is: 'wanted', counts: countChannels(next.members, refused) };
  const isWhole = members.length === next.members.length;
  const position = (isWhole ? next.end : null) ?? members.at(-1)?.id ?? '';
  await skipRefused(tx, input, members, refused, time);
  const chosen = members.filter((member) => !refused.has(member.id));
  const { calls, waitUntil } = await claimCalls(tx, { input, run, contents, time, config }, chosen);
  return { is: 'chunk', calls, waitUntil, position };
}

/** The first members, up to one whose channel has no slot left; whoever is refused needs none. */
function withSlots(
  members: readonly CampaignMember[],
  refused: ReadonlyMap<string, string>,
  slots: SlotCounts,
): readonly CampaignMember[] {
  const left = new Map(slots);
  const end = members.findIndex((member) => {
    if (refused.has(member.id)) return false;
    const free = left.get(member.channel) ?? 0;
    left.set(member.channel, free - 1);
    return free < 1;
  });
  return end === -1 ? members : members.slice(0, end);
}

function countChannels(members: readonly CampaignMember[], refused: ReadonlyMap<string, string>): SlotCounts {
  const asking = members.filter((member) => !refused.has(member.id));
  const byChannel = Map.groupBy(asking, (member) => member.channel);
  return new Map([...byChannel].map(([channel, group]) => [channel, group.length]));
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

interface NextMembers {
  readonly members: readonly CampaignMember[];
  /** As of a `MemberPage`. */
  readonly end: string | null;
}

async function nextMembers(tx: Tx, { campaign, run }: Going, limit: number): Promise<NextMembers | null> {
  const { appId, segmentId, segmentVersion, document } = campaign;
  const segment = await loadSegmentTree(tx, appId, segmentId, segmentVersion);
  // A segment whose source was deleted matches nobody: that is not an audience that was reached.
  if (segment === null || segment.fault !== null) return null;
  const reach = reachOf(document);
  const page = await readMembers(tx, {
    appId,
    tree: segment.tree,
    asOf: run.started_at,
    channelTypes: [...reach.keys()],
    after: run.position,
    limit,
  });
  const members = page.members.map((member) => {
    const channel = reach.get(member.channel_type);
    if (channel === undefined) throw new RepointError('Internal', `No channel to ${member.channel_type}`);
    return { ...member, channel };
  });
  return { ...page, members };
}

async function contentsFor(
  tx: Tx,
  appId: string,
  document: CampaignDocument,
  members: readonly CampaignMember[],
): Promise<ReadonlyMap<string, ChannelContent>> {
  const channels = new Map<string, CampaignChannel>(
    members.map(({ channel_type: channelType, channel }) => [channelType, channel]),
  );
  const contents = new Map<string, ChannelContent>();
  for (const reached of channels) contents.set(reached[0], await contentFor(tx, appId, document, reached));
  return contents;
}

async function skipRefused(
  tx: Tx,
  input: CampaignRunInput,
  members: readonly CampaignMember[],
  refused: ReadonlyMap<string, string>,
  time: ClaimTime,
): Promise<void> {
  for (const member of members) {
    const reason = refused.get(member.id);
    if (reason === undefined) continue;
    await recordSkip(tx, campaignOwner(input, member.channel), recipientOf(member), reason, time.logical);
  }
}
