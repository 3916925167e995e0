import { ApplicationFailure } from '@temporalio/common';
import type { SendOutcome } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { deliver } from '../sending/deliver.ts';
import { upstreamAppOf } from '../sending/upstreamApp.ts';
import { claimStep } from './claimStep.ts';
import { stepTime } from './gate.ts';
import type { MessageAnswer, MessageInput } from './journeyActivities.ts';
import type { StepChannel } from './recipients.ts';

/**
 * Sends a message step to everybody it is for: claim in Postgres, one provider call each, record, and again through the
 * same door until every recipient is settled. Each recipient has a row and an outcome of its own.
 * @throws ApplicationFailure when a provider would not take a message now: retried after the delay it asks for
 */
export async function sendStep(
  deps: Deps,
  channel: StepChannel,
  input: MessageInput,
): Promise<MessageAnswer> {
  // Made upstream on an app's first SMS or push, before anything is claimed.
  if (channel !== 'EMAIL') await upstreamAppOf(deps, input.appId);
  for (;;) {
    const logical = await stepTime(deps, input);
    const time = { logical, real: new Date() };
    const step = await deps.db.transaction().execute((tx) => claimStep(tx, deps, channel, input, time));
    if (step.is !== 'call') return step;
    const outcomes = await Promise.all(
      step.calls.map((call) => deliver(deps, step.owner, call.claim, call.message)),
    );
    const postponed = outcomes.filter((outcome) => outcome.recorded === 'retry');
    if (postponed.length > 0) throw notNow(postponed.map((call) => call.outcome));
  }
}

function notNow(outcomes: readonly SendOutcome[]): ApplicationFailure {
  const delays = outcomes.map((outcome) => (outcome.kind === 'throttled' ? (outcome.retryAfterMs ?? 0) : 0));
  const delay = Math.max(...delays);
  const throttled = outcomes.some((outcome) => outcome.kind === 'throttled');
  return ApplicationFailure.create({
    type: throttled ? 'Throttled' : 'Unreached',
    message: throttled ? 'the provider throttles' : 'the provider could not be reached',
    ...(delay > 0 && { nextRetryDelay: delay }),
  });
}
