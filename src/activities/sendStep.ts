import type { Deps } from '../deps.ts';
import { errorCodes, RepointError } from '../domain/errors.ts';
import { type Delivered, deliver } from '../sending/deliver.ts';
import type { Turns } from '../sending/turns.ts';
import { upstreamAppOf } from '../sending/upstreamApp.ts';
import { type ClaimedAt, type CustomStepCall, callCustom } from './callCustom.ts';
import { claimStep, type StepCalls } from './claimStep.ts';
import { stepTime } from './gate.ts';
import type { MessageAnswer, MessageInput } from './journeyActivities.ts';
import { notNow, notYet } from './notNow.ts';
import type { StepChannel } from './recipients.ts';

/**
 * Sends a message step to everybody it is for: claim in Postgres, one provider call each, record, and again through the
 * same door until every recipient is settled. Each recipient has a row and an outcome of its own.
 * @throws ApplicationFailure when a provider would not take a message now, or the journey sends no more this second:
 *   retried after the delay that is asked for
 */
export async function sendStep(
  deps: Deps,
  channel: StepChannel,
  input: MessageInput,
  turns: Turns,
): Promise<MessageAnswer> {
  let given: readonly Date[] = [];
  if (channel === 'SMS' || channel === 'PUSH') await ensureUpstreamApp(deps, input.appId);
  for (;;) {
    const logical = await stepTime(deps, input);
    const time = { logical, real: new Date() };
    const step = await deps.db
      .transaction()
      .execute((tx) => claimStep(tx, deps, channel, input, time, given));
    given = step.is === 'turns' ? await turns.take({ appId: input.appId, ...step }, step.count, logical) : [];
    if (step.is === 'turns') continue;
    if (step.is === 'later') throw notYet(step.until.getTime() - logical.getTime());
    if (step.is !== 'call') return step;
    const claimed = performance.now();
    const outcomes = await deliverAll(deps, step, { claimed, logical });
    const postponed = outcomes.filter((outcome) => outcome.recorded === 'retry');
    if (postponed.length > 0) throw notNow(postponed.map((call) => call.outcome));
  }
}

/** One provider call for each recipient; a custom channel is told of its endpoints together. */
async function deliverAll(deps: Deps, { owner, calls }: StepCalls, at: ClaimedAt): Promise<Delivered[]> {
  const single: Promise<Delivered>[] = [];
  const custom: CustomStepCall[] = [];
  for (const { claim, message } of calls) {
    if (message.channel === 'CUSTOM') custom.push({ claim, message });
    else single.push(deliver(deps, owner, claim, message, at.claimed));
  }
  return (await Promise.all([callCustom(deps, owner, custom, at), ...single])).flat();
}

/**
 * Made upstream on an app's first SMS or push, before anything is claimed. Where upstream refuses it, the step is passed
 * over (UPSTREAM_APP_MISSING), as a message that is refused is.
 * @throws ApplicationFailure, RepointError Unavailable: upstream is to be asked again
 */
async function ensureUpstreamApp(deps: Deps, appId: string): Promise<void> {
  try {
    await upstreamAppOf(deps, appId);
  } catch (error) {
    if (!(error instanceof RepointError) || errorCodes[error.code] === 'system') throw error;
    if (error.code === 'TooManyRequests') throw notNow([{ kind: 'throttled', reason: error.message }]);
    deps.log.warn({ err: error, appId }, 'no upstream app could be made');
  }
}
