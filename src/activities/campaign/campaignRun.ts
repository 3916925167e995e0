import { beginRun, countOutcomes, endOpenRun, readRun } from '../../db/campaigns/campaignRuns.ts';
import { lockCampaign, setCampaignState } from '../../db/campaigns/campaigns.ts';
import type { Tx } from '../../db/database.ts';
import type { Deps } from '../../deps.ts';
import { expiryOf, startOf } from '../../domain/campaign/limits.ts';
import { settleLeftovers } from '../../sending/campaignLeftovers.ts';
import { claimedByOther, sendPage } from './campaignPage.ts';
import type {
  CampaignEnd,
  CampaignOpening,
  CampaignRunActivities,
  CampaignRunInput,
  CampaignVersionInput,
} from './campaignRunActivities.ts';

/** The activities of `campaignRun`. */
export function createCampaignRunActivities(deps: Deps): CampaignRunActivities {
  return {
    openCampaignRun: async (input) => {
      const now = await deps.clock.now();
      return await deps.db.transaction().execute((tx) => open(tx, input, now));
    },
    sendCampaignPage: (input) => sendPage(deps, input),
    closeCampaignRun: (input) => close(deps, input),
  };
}

async function open(tx: Tx, input: CampaignVersionInput, now: Date): Promise<CampaignOpening> {
  const { appId, campaignId, version } = input;
  const campaign = await lockCampaign(tx, appId, campaignId, 'update');
  const isOver = campaign === undefined || campaign.version !== version;
  // COMPLETED: the workflow was reset after its run had ended
  if (isOver || !['SCHEDULED', 'EXECUTING'].includes(campaign.state)) return { is: 'stopped' };
  const start = startOf(campaign.document, campaign.modifiedAt);
  if (start === null) return { is: 'stopped' };
  if (start > now) return { is: 'wait', until: start.getTime() };
  const expiresAt = expiryOf(campaign.document, campaign.defaults, start);
  const runId = await beginRun(tx, { appId, campaignId, version, scheduledStart: start, expiresAt }, now);
  await setCampaignState(tx, appId, campaignId, 'EXECUTING');
  return { is: 'open', runId };
}

const ends = {
  finished: { state: 'COMPLETED', result: 'SUCCESS', reason: null, left: 'NOT_IN_SEGMENT' },
  expired: { state: 'COMPLETED', result: 'FAIL', reason: 'MAXIMUM_DURATION', left: 'EXPIRED' },
  segmentDeleted: {
    state: 'CANCELLED',
    result: 'FAIL',
    reason: 'SEGMENT_DELETED',
    left: 'SEGMENT_DELETED',
  },
} as const satisfies Record<CampaignEnd, object>;

/** Pinpoint's status for a campaign whose segment was deleted is DELETED. */
const stateAfter = { finished: 'COMPLETED', expired: 'COMPLETED', segmentDeleted: 'DELETED' } as const;

async function close(deps: Deps, input: CampaignRunInput & { readonly end: CampaignEnd }): Promise<void> {
  for (;;) {
    const logical = await deps.clock.now();
    const time = { logical, real: new Date() };
    const answer = await deps.db.transaction().execute(async (tx) => {
      const { left, ...end } = ends[input.end];
      const { appId, campaignId, version, runId } = input;
      const campaign = await lockCampaign(tx, appId, campaignId, 'update');
      const run = await readRun(tx, appId, runId);
      if (campaign?.version !== version || run === undefined || run.ended_at !== null)
        return { is: 'ended' } as const;
      const leftovers = await settleLeftovers(tx, { appId, campaignId, runId, reason: left }, time);
      if (leftovers.is !== 'none') return leftovers;
      const outcomes = await countOutcomes(tx, appId, runId);
      await endOpenRun(tx, appId, campaignId, { ...end, outcomes }, logical);
      await setCampaignState(tx, appId, campaignId, stateAfter[input.end]);
      return { is: 'ended' } as const;
    });
    if (answer.is === 'ended') return;
    if (answer.is === 'wait') throw claimedByOther(answer.until.getTime() - logical.getTime());
  }
}
