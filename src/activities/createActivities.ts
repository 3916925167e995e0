import type { Deps } from '../deps.ts';
import { createCampaignRunActivities } from './campaignRun.ts';
import { createImportJobActivities } from './importJob.ts';
import { createJourneyActivities } from './journey.ts';
import { createJourneyLifeActivities } from './journeyLife.ts';

/** All activities, with the world they need. */
export function createActivities(deps: Deps) {
  return {
    ...createCampaignRunActivities(deps),
    ...createImportJobActivities(deps),
    ...createJourneyActivities(deps),
    ...createJourneyLifeActivities(deps),
  };
}
