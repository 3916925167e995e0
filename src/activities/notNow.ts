import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { SendOutcome } from '../channels/channel.ts';

/** The failure of an attempt whose providers would not take a message now: tried again after the delay they ask for. */
export function notNow(outcomes: readonly SendOutcome[]): ApplicationFailure {
  const throttled = outcomes.filter((outcome) => outcome.kind === 'throttled');
  const delay = Math.max(0, ...throttled.map((outcome) => outcome.retryAfterMs ?? 0));
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
