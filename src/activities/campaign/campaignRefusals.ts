import { addressesTaken, type Received, receivedBefore } from '../../db/campaigns/campaignHistory.ts';
import type { Member } from '../../db/campaigns/campaignMembers.ts';
import type { Queryable } from '../../db/database.ts';
import { refusalOf } from '../../db/people/sendTargets.ts';
import type { EndpointLimits } from '../../domain/campaign/limits.ts';
import { DAY_MS } from '../../domain/duration.ts';
import { judgeTime } from '../../domain/windows/judgeTime.ts';
import type { SendingTimes } from '../../domain/windows/sendingTimes.ts';
import { clocksOf } from '../../zones/clocksOf.ts';
import type { ChannelContent } from './campaignContent.ts';
import type { CampaignRunInput } from './campaignRunActivities.ts';

export interface RefusalScene {
  readonly run: CampaignRunInput;
  readonly limits: EndpointLimits;
  /** When messages may be sent, on each endpoint's own clock; null: always. */
  readonly times: SendingTimes | null;
  readonly contents: ReadonlyMap<string, ChannelContent>;
  /** Logical. */
  readonly now: Date;
}

/**
 * Why members get nothing, by endpoint id; whoever is absent may be sent to. Of endpoints that share an address the first
 * is written to. Limits are counted for each endpoint, as Pinpoint's CampaignLimits says, over earlier runs: in one run an endpoint
 * gets one message. Who has quiet time is passed over, as in Pinpoint; nobody waits for its end.
 */
export async function refusals(
  db: Queryable,
  members: readonly Member[],
  scene: RefusalScene,
): Promise<ReadonlyMap<string, string>> {
  const ids = members.map((member) => member.id);
  const isLimited = scene.limits.daily > 0 || scene.limits.total > 0;
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
      (await untimely(member, scene)) ??
      overLimit(received.get(member.id), scene.limits);
    if (reason === undefined) addresses.add(address);
    else refused.set(member.id, reason);
  }
  return refused;
}

function ineligibility(member: Member, contents: ReadonlyMap<string, ChannelContent>): string | undefined {
  const refusal = refusalOf(member);
  if (refusal !== null) return refusal;
  const content = contents.get(member.channel_type);
  return content?.is === 'unusable' ? content.reason : undefined;
}

/** Without a time zone of their own everybody may be written to, as in Pinpoint. */
async function untimely(member: Member, { times, now }: RefusalScene): Promise<string | undefined> {
  if (times === null) return undefined;
  const verdict = judgeTime(times, await clocksOf(member), now.getTime(), false);
  return verdict.is === 'now' ? undefined : verdict.reason;
}

function overLimit(received: Received | undefined, limits: EndpointLimits): string | undefined {
  if (received === undefined) return undefined;
  if (limits.total > 0 && received.inAll >= limits.total) return 'CAMPAIGN_CAP';
  const inDay = limits.dailyOf === 'this campaign' ? received.inDay : received.inDayOfAll;
  return limits.daily > 0 && inDay >= limits.daily ? 'DAILY_CAP' : undefined;
}
