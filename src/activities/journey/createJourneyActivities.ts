import { asyncLocalStorage } from '@temporalio/activity';
import type { Deps } from '../../deps.ts';
import { decide } from './decide.ts';
import { finish } from './finish.ts';
import type { JourneyActivities } from './journeyActivities.ts';
import { sendStep } from './sendStep.ts';

export function createJourneyActivities(deps: Deps): JourneyActivities {
  return {
    sendEmail: (input) => sendStep(deps, 'EMAIL', input, attempt()),
    sendSms: (input) => sendStep(deps, 'SMS', input, attempt()),
    sendPush: (input) => sendStep(deps, 'PUSH', input, attempt()),
    callCustomChannel: (input) => sendStep(deps, 'CUSTOM', input, attempt()),
    decide: (input) => decide(deps, input),
    finish: (input) => finish(deps, input),
  };
}

/** Which try of the activity this is; the first where no worker runs it. */
function attempt(): number {
  return asyncLocalStorage.getStore()?.info.attempt ?? 1;
}
