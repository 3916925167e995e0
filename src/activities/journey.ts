import type { Deps } from '../deps.ts';
import { createTurns } from '../sending/turns.ts';
import { decide } from './decide.ts';
import { finish } from './finish.ts';
import type { JourneyActivities } from './journeyActivities.ts';
import { sendStep } from './sendStep.ts';

export function createJourneyActivities(deps: Deps): JourneyActivities {
  const turns = createTurns(deps.db);
  return {
    sendEmail: (input) => sendStep(deps, 'EMAIL', input, turns),
    sendSms: (input) => sendStep(deps, 'SMS', input, turns),
    sendPush: (input) => sendStep(deps, 'PUSH', input, turns),
    callCustomChannel: (input) => sendStep(deps, 'CUSTOM', input, turns),
    decide: (input) => decide(deps, input),
    finish: (input) => finish(deps, input),
  };
}
