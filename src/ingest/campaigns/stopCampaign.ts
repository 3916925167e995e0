import { readLastRun } from '../../db/campaigns/campaignRuns.ts';
import type { Deps } from '../../deps.ts';
import { settleLeftovers } from '../../sending/campaignLeftovers.ts';
import { untilNoCall } from '../../sending/liveCalls.ts';
import type { CampaignKey } from './saveCampaign.ts';

/** After a pause has been committed: once this resolves, nothing of the campaign leaves any more. */
export async function waitForCalls(deps: Deps, { appId, id }: CampaignKey): Promise<void> {
  await untilNoCall(deps.db, { appId, campaignId: id });
}

/** After a deletion has been committed: waits likewise, and settles whoever its run had still to send to. */
export async function settleDeleted(deps: Deps, key: CampaignKey): Promise<void> {
  await waitForCalls(deps, key);
  const run = await readLastRun(deps.db, key.appId, key.id);
  if (run === undefined) return;
  const ended = {
    appId: key.appId,
    campaignId: key.id,
    runId: run.id,
    reason: 'CAMPAIGN_DELETED',
  };
  for (;;) {
    const time = { logical: await deps.clock.now(), real: new Date() };
    const { is } = await deps.db.transaction().execute((tx) => settleLeftovers(tx, ended, time));
    if (is !== 'more') return;
  }
}
