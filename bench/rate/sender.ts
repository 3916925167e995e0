// A process that sends a campaign as a worker does, without Temporal: `node sender.ts APP CAMPAIGN`. It reads the settings of a worker.
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { createCampaignRunActivities } from '../../src/activities/campaign/campaignRun.ts';
import type { CampaignPage, CampaignRunInput } from '../../src/activities/campaign/campaignRunActivities.ts';
import { readConfig } from '../../src/config.ts';
import { createDeps } from '../../src/createDeps.ts';
import { createLog } from '../../src/log.ts';

const [appId = '', campaignId = ''] = process.argv.slice(2);
const deps = createDeps(readConfig(process.env), createLog('error'));
const activities = createCampaignRunActivities(deps);
await deps.rates.refresh();
const opening = await activities.openCampaignRun({ appId, campaignId, version: 1 });
if (opening.is !== 'open') throw new Error(`the campaign is not open: ${opening.is}`);
const input = { appId, campaignId, version: 1, runId: opening.runId };
for (let page = await sendPage(input); page === 'more'; page = await sendPage(input));
await deps.close();

/** A page that fails is repeated after the delay it asks for, as Temporal does. */
async function sendPage(run: CampaignRunInput): Promise<CampaignPage['is']> {
  try {
    return (await activities.sendCampaignPage(run)).is;
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    await sleep(Number(error.nextRetryDelay ?? 1000));
    return 'more';
  }
}
