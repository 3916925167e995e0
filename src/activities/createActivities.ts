import type { Deps } from '../deps.ts';
import { createCampaignRunActivities } from './campaign/campaignRun.ts';
import { createImportJobActivities } from './imports/importJob.ts';
import { createJourneyActivities } from './journey/createJourneyActivities.ts';
import { createJourneyLifeActivities } from './journey/createJourneyLifeActivities.ts';

/** All activities, with the world they need. */
export function createActivities(deps: Deps) {
  return {
    ...createCampaignRunActivities(deps),
    ...createImportJobActivities(deps),
    ...createJourneyActivities(deps),
    ...createJourneyLifeActivities(deps),
  };
}
