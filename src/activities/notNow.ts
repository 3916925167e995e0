import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { SendOutcome } from '../channels/channel.ts';

const AFTER_THROTTLE_MS = 1000;

/**
 * The failure of an attempt whose providers would not take a message now: tried again after the delay they ask for. Where the
 * channel is `paced`, its throttle has slowed it down for everybody, and the message need not stay away for long; else it stays
 * away longer each time.
 */
export function notNow(outcomes: readonly SendOutcome[], isPaced: boolean): ApplicationFailure {
  const throttled = outcomes.filter((outcome) => outcome.kind === 'throttled');
  const asked = Math.max(0, ...throttled.map((outcome) => outcome.retryAfterMs ?? 0));
  const delay = asked > 0 || throttled.length === 0 || !isPaced ? asked : AFTER_THROTTLE_MS;
  return ApplicationFailure.create({
    type: throttled.length > 0 ? 'Throttled' : 'Unreached',
    message: throttled.length > 0 ? 'a provider throttles' : 'a provider could not be reached',
    ...(delay > 0 && { nextRetryDelay: delay }),
  });
}

/** The failure of an attempt for which there is no slot or turn yet: tried again when it comes. */
export function notYet(delayMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'MessagesPerSecond',
    message: 'no more messages may leave now; this one has a later turn',
    nextRetryDelay: Math.max(1, delayMs),
    category: ApplicationFailureCategory.BENIGN,
  });
}
