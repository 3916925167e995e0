import type { Deps } from '../../deps.ts';
import { beating } from '../beating.ts';
import type { JourneyLifeActivities } from './journeyLifeActivities.ts';
import { tendJourney } from './tendJourney.ts';

/** A turn takes well under a second, and rarely beats at all. */
const heartbeatMs = 2_000;

export function createJourneyLifeActivities(deps: Deps): JourneyLifeActivities {
  return { tendJourney: (key) => beating(heartbeatMs, () => tendJourney(deps, key)) };
}
