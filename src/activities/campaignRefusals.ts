import { addressesTaken, type Received, receivedBefore } from '../db/campaignHistory.ts';
import type { Member } from '../db/campaignMembers.ts';
import type { Queryable } from '../db/database.ts';
import type { CampaignLimits } from '../domain/campaign/document.ts';
import type { ChannelContent } from './campaignContent.ts';
import type { CampaignRunInput } from './campaignRunActivities.ts';

const DAY_MS = 86_400_000;

export interface RefusalScene {
  readonly run: CampaignRunInput;
  readonly limits: CampaignLimits;
  readonly contents: ReadonlyMap<string, ChannelContent>;
  /** Logical. */
  readonly now: Date;
}

/**
 * Why members get nothing, by endpoint id; whoever is absent may be sent to. Of endpoints that share an address the first
 * is written to. Daily and Total are counted for each endpoint, as Pinpoint's CampaignLimits says, over earlier runs: in one
 * run an endpoint gets one message.
 */
export async function refusals(
  db: Queryable,
  members: readonly Member[],
  scene: RefusalScene,
): Promise<ReadonlyMap<string, string>> {
  const ids = members.map((member) => member.id);
  const isLimited = (scene.limits.Daily ?? 0) > 0 || (scene.limits.Total ?? 0) > 0;
  const daySince = new Date(scene.now.getTime() - DAY_MS);
  const received = isLimited
    ? await receivedBefore(db, scene.run, ids, daySince)
    : new Map<string, Received>();
  const taken = await addressesTaken(db, scene.run, ids);
  const addresses = new Set<string>();
  const refused = new Map<string, string>();
  for (const member of members) {
    const address = `${member.channel_type} ${member.address}`;
    const reason =
      ineligibility(member, scene.contents) ??
      (taken.has(member.id) || addresses.has(address) ? 'DUPLICATE_ADDRESS' : undefined) ??
      overLimit(received.get(member.id), scene.limits);
    if (reason === undefined) addresses.add(address);
    else refused.set(member.id, reason);
  }
  return refused;
}

function ineligibility(member: Member, contents: ReadonlyMap<string, ChannelContent>): string | undefined {
  if (member.opt_out === 'ALL') return 'ENDPOINT_OPT_OUT';
  if (member.status !== 'ACTIVE') return 'ENDPOINT_INACTIVE';
  const content = contents.get(member.channel_type);
  return content?.is === 'unusable' ? content.reason : undefined;
}

function overLimit(received: Received | undefined, { Daily, Total }: CampaignLimits): string | undefined {
  if (received === undefined) return undefined;
  if (Total !== undefined && Total > 0 && received.inAll >= Total) return 'CAMPAIGN_CAP';
  return Daily !== undefined && Daily > 0 && received.inDay >= Daily ? 'DAILY_CAP' : undefined;
}
