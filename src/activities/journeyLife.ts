import type { Deps } from '../deps.ts';
import type { JourneyLifeActivities } from './journeyLifeActivities.ts';
import { tendJourney } from './tendJourney.ts';

export function createJourneyLifeActivities(deps: Deps): JourneyLifeActivities {
  return { tendJourney: (key) => tendJourney(deps, key) };
}
