import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { JourneyActivities } from '../activities/journey/journeyActivities.ts';

/**
 * One provider call takes at most 10 s, so an attempt that is 12 s old is dead. Retried for ever: a throttle or a
 * database that is away delays a person and never drops one.
 */
export const { sendEmail, sendSms, sendPush, callCustomChannel } = proxyActivities<JourneyActivities>({
  startToCloseTimeout: '12 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** One short transaction in Postgres each: no event of their own but a marker in the task that runs anyway. */
export const { decide, finish } = proxyLocalActivities<JourneyActivities>({
  startToCloseTimeout: '8 s',
  localRetryThreshold: '1 minute',
  retry: { initialInterval: '200 ms', backoffCoefficient: 2, maximumInterval: '1 minute' },
});
