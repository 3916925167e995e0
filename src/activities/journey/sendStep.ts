import type { Deps } from '../../deps.ts';
import { isUserFault } from '../../domain/errors.ts';
import { type Delivered, deliver } from '../../sending/deliver.ts';
import { untilSlot } from '../../sending/untilSlot.ts';
import { upstreamAppOf } from '../../sending/upstreamApp.ts';
import { notNow, notYet } from '../notNow.ts';
import type { Leave, Wanted } from './admit.ts';
import { type ClaimedAt, type CustomStepCall, callCustom } from './callCustom.ts';
import { claimStep, type StepCalls } from './claimStep.ts';
import { stepTime } from './gate.ts';
import type { MessageAnswer, MessageInput } from './journeyActivities.ts';
import type { StepChannel } from './recipients.ts';

/**
 * Sends a message step to everybody it is for: slots of the channel, claim in Postgres, one provider call each, record, and again
 * through the same door until every recipient is settled. Each recipient has a row and an outcome of its own.
 * @param attempt counts the tries of this activity from 1: who was told to come back has had one
 * @throws ApplicationFailure when a provider would not take a message now, or there is no slot or turn for it yet: retried
 *   after the delay that is asked for
 */
export async function sendStep(
  deps: Deps,
  channel: StepChannel,
  input: MessageInput,
  attempt: number,
): Promise<MessageAnswer> {
  const asker: Asker = { deps, channel, ...(attempt > 1 && { standing: 'returning' }) };
  if (channel === 'SMS' || channel === 'PUSH') await ensureUpstreamApp(deps, input.appId);
  for (let leave = await firstLeave(asker); ; ) {
    const { step, logical, claimed } = await look(asker, input, leave);
    if (step.is === 'later') throw notYet(step.until.getTime() - logical.getTime());
    if (step.is === 'wanted') leave = await widen(asker, input.appId, leave, step);
    else if (step.is !== 'call') return step;
    else {
      const outcomes = await deliverAll(deps, step, { claimed, logical }, leave.permit.slots);
      const postponed = outcomes.filter((outcome) => outcome.recorded === 'retry');
      if (postponed.length > 0)
        throw notNow(
          postponed.map((call) => call.outcome),
          channel !== 'CUSTOM',
        );
      leave = noLeave;
    }
  }
}

interface Asker {
  readonly deps: Deps;
  readonly channel: StepChannel;
  readonly standing?: 'returning';
}

/** The look after the calls mostly finds nothing left to call, and asks for slots when it does. */
const noLeave: Leave = { permit: { slots: [], refused: null }, as: 'marketing', turns: [] };

/** Nearly every step has one recipient. What class its message is of is not known before the look. */
async function firstLeave({ deps, ...asker }: Asker): Promise<Leave> {
  return {
    permit: await deps.rates.ask({ ...asker, count: 1, class: 'marketing' }),
    as: 'marketing',
    turns: [],
  };
}

/**
 * One look at the step, when the first slot has come: a claim is not made earlier than its call, for a worker that dies in between
 * leaves it unknown. Slots it has no use for are given back.
 */
async function look({ deps, channel }: Asker, input: MessageInput, leave: Leave) {
  const { slots } = leave.permit;
  let used = 0;
  try {
    await untilSlot(slots[0]);
    const logical = await stepTime(deps, input);
    const time = { logical, real: new Date() };
    const step = await deps.db
      .transaction()
      .execute((tx) => claimStep(tx, deps, channel, input, time, leave));
    if (step.is === 'wanted' && step.slots === 0) used = slots.length;
    if (step.is === 'call') used = step.calls.length;
    return { step, logical, claimed: performance.now() };
  } finally {
    deps.rates.giveBack(channel, slots.slice(used));
  }
}

/** Takes what a look wanted. */
async function widen({ deps, ...asker }: Asker, appId: string, leave: Leave, wanted: Wanted): Promise<Leave> {
  const { slots: count, as, perSecond, journeyId, from } = wanted;
  if (count > 0) return { permit: await deps.rates.ask({ ...asker, count, class: as }), as, turns: [] };
  const pace = { appId, of: 'journey', id: journeyId, perSecond } as const;
  return { ...leave, as, turns: await deps.rates.turns(pace, wanted.turns, from) };
}

/** One provider call for each recipient, at its slot; a custom channel is told of its endpoints together. */
async function deliverAll(
  deps: Deps,
  { owner, calls }: StepCalls,
  at: ClaimedAt,
  slots: readonly number[],
): Promise<Delivered[]> {
  const single: Promise<Delivered>[] = [];
  const custom: CustomStepCall[] = [];
  for (const { claim, message } of calls) {
    if (message.channel === 'CUSTOM') custom.push({ claim, message });
    else {
      const slot = untilSlot(slots[single.length]);
      single.push(slot.then(() => deliver(deps, owner, claim, message, at.claimed)));
    }
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
    if (!isUserFault(error)) throw error;
    if (error.code === 'TooManyRequests') throw notNow([{ kind: 'throttled', reason: error.message }], false);
    deps.log.warn({ err: error, appId }, 'no upstream app could be made');
  }
}
