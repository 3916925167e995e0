import { condition, continueAsNew, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { JourneyLifeActivities } from '../activities/journey/journeyLifeActivities.ts';

/** "Look again": the journey was paused, resumed or cancelled, its segment edited, or its last participant has left. */
export const journeyChanged = defineSignal('journeyChanged');

/**
 * The next worker takes over from one that was killed when its heartbeats stop. That a slow one is still at work then does no
 * harm: both turns lock the same row.
 */
const { tendJourney } = proxyActivities<JourneyLifeActivities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '3 s',
  retry: { initialInterval: '200 ms', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Turns in one run; a run then continues as new, so that no history grows with the size of a segment. */
const TURNS_PER_RUN = 300;

export interface JourneyLifeInput {
  readonly appId: string;
  readonly journeyId: string;
}

/**
 * Owns a journey's start, its passes over the segment, its refreshes and its end. Temporal wakes it, Postgres says what is
 * due: nothing is lost when it ends in the middle and begins anew.
 */
export async function journeyLife(input: JourneyLifeInput): Promise<void> {
  let changes = 0;
  setHandler(journeyChanged, () => {
    changes += 1;
  });
  for (let turn = 0; turn < TURNS_PER_RUN; turn += 1) {
    const seen = changes;
    const next = await tendJourney(input);
    if (next.is === 'over') return;
    if (next.is === 'sleep') await sleepUntil(next.until, () => changes > seen);
  }
  await continueAsNew<typeof journeyLife>(input);
}

/** Sleeps until an instant (epoch milliseconds; null: for ever) or until something has happened. */
async function sleepUntil(instant: number | null, happened: () => boolean): Promise<void> {
  if (instant === null) return await condition(happened);
  const left = instant - Date.now();
  if (left > 0) await condition(happened, left);
}
