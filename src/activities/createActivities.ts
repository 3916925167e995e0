import type { Deps } from '../deps.ts';
import { createCampaignRunActivities } from './campaignRun.ts';
import { createJourneyActivities } from './journey.ts';
import { createJourneyLifeActivities } from './journeyLife.ts';

/** All activities, with the world they need. */
export function createActivities(deps: Deps) {
  return {
    ...createCampaignRunActivities(deps),
    ...createJourneyActivities(deps),
    ...createJourneyLifeActivities(deps),
  };
}
