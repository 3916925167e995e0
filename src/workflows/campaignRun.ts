import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type {
  CampaignEnd,
  CampaignRunActivities,
  CampaignRunInput,
  CampaignVersionInput,
} from '../activities/campaign/campaignRunActivities.ts';
import { campaignChanged } from './messages.ts';

/**
 * A page takes ten seconds of sending and the last call's ten. Retried for ever: a throttle or a database that is away
 * delays people and drops none; MaximumDuration, where there is one, ends a run from within.
 */
const { openCampaignRun, sendCampaignPage, closeCampaignRun } = proxyActivities<CampaignRunActivities>({
  startToCloseTimeout: '30 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** About six events a page. */
const pagesPerExecution = 500;

export interface CampaignWorkflowInput extends CampaignVersionInput {
  /** The run that an earlier execution of this workflow was at. */
  readonly runId?: string;
}

/**
 * One version of a campaign: waits for its start and sends page by page. Whether it may still send is a fact in Postgres
 * that every page asks for, so a pause, a deletion or a newer version that this workflow never hears of stops it all the same.
 */
export async function campaignRun(input: CampaignWorkflowInput): Promise<void> {
  const { appId, campaignId, version } = input;
  const runId = input.runId ?? (await opened({ appId, campaignId, version }));
  if (runId === undefined) return;
  const run = { appId, campaignId, version, runId };
  const end = await sendPages(run);
  if (end === 'more') await continueAsNew<typeof campaignRun>(run);
  else if (end !== 'stopped') await closeCampaignRun({ ...run, end });
}

/** Sleeps until the start; a change of the campaign has it look again. Undefined: there is nothing to do any more. */
async function opened(campaign: CampaignVersionInput): Promise<string | undefined> {
  let changes = 0;
  setHandler(campaignChanged, () => {
    changes += 1;
  });
  for (;;) {
    const seen = changes;
    const opening = await openCampaignRun(campaign);
    if (opening.is === 'stopped') return undefined;
    if (opening.is === 'open') return opening.runId;
    const left = opening.until - Date.now();
    if (left > 0) await condition(() => changes > seen, left, { summary: 'scheduled start' });
  }
}

async function sendPages(run: CampaignRunInput): Promise<CampaignEnd | 'stopped' | 'more'> {
  for (let page = 0; page < pagesPerExecution && !workflowInfo().continueAsNewSuggested; page += 1) {
    const { is } = await sendCampaignPage(run);
    if (is !== 'more') return is;
  }
  return 'more';
}
