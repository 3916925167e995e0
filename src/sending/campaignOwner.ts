import type { CampaignChannel } from '../domain/campaign/content.ts';
import { defaultTreatment } from '../domain/campaign/treatment.ts';
import type { MessageOwner } from './ledger.ts';

/** A campaign run as owner of its messages on one channel. */
export function campaignOwner(
  run: { readonly appId: string; readonly campaignId: string; readonly runId: string },
  channel: CampaignChannel,
): MessageOwner {
  return {
    appId: run.appId,
    owner: run.runId,
    kind: 'campaign',
    step: defaultTreatment,
    channel,
    class: 'marketing',
    campaignId: run.campaignId,
    // Nothing waits for what became of an unknown: it is not sent again, and a later report still settles it.
    graceMs: 0,
  };
}
