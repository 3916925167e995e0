import type { Deps } from '../deps.ts';
import { createJourneyActivities } from './journey.ts';
import { createJourneyLifeActivities } from './journeyLife.ts';

/** All activities, with the world they need. */
export function createActivities(deps: Deps) {
  return { ...createJourneyActivities(deps), ...createJourneyLifeActivities(deps) };
}
