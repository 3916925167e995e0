import type { Deps } from '../deps.ts';
import { decide } from './decide.ts';
import { finish } from './finish.ts';
import type { JourneyActivities } from './journeyActivities.ts';
import { sendStep } from './sendStep.ts';

export function createJourneyActivities(deps: Deps): JourneyActivities {
  return {
    sendEmail: (input) => sendStep(deps, 'EMAIL', input),
    sendSms: (input) => sendStep(deps, 'SMS', input),
    sendPush: (input) => sendStep(deps, 'PUSH', input),
    decide: (input) => decide(deps, input),
    finish: (input) => finish(deps, input),
  };
}
