import type { Outgoing, SendOutcome } from '../channels/channel.ts';
import { providerCallSeconds, providerCalls } from '../counters.ts';
import { suppress } from '../db/people/suppressions.ts';
import type { Deps } from '../deps.ts';
import { suppressedForm } from '../domain/suppression.ts';
import { fateOf, recordAddressFate } from './addressFate.ts';
import { followWord } from './followWord.ts';
import type { CallClaim, MessageOwner } from './ledger.ts';
import { recordOutcome } from './recordOutcome.ts';
import type { Recorded } from './recordOutcomes.ts';
import { untilRecorded } from './untilRecorded.ts';

/** A call that has not begun this long (real milliseconds) after its claim is given up: a pause or a cancel waits for claims, not for calls. */
const BEGIN_WITHIN_MS = 1_000;

export interface Delivered {
  readonly recorded: Recorded;
  readonly outcome: SendOutcome;
}

/**
 * Makes the one provider call of a committed claim and records its answer.
 * @param claimedAt when the claim was committed (`performance.now()`), where nothing may leave long after that
 */
export async function deliver(
  deps: Pick<Deps, 'db' | 'sender' | 'clock' | 'rates' | 'config'>,
  owner: MessageOwner,
  claim: CallClaim,
  message: Outgoing,
  claimedAt?: number,
): Promise<Delivered> {
  const isLate = claimedAt !== undefined && isTooLate(claimedAt);
  const outcome = isLate ? notBegun : await timed(deps, message);
  const logical = await deps.clock.now();
  const recorded = await untilRecorded(() => recordOutcome(deps.db, owner, claim, outcome, logical));
  await deps.rates.heard(message.channel, outcome);
  await followAddress(deps, owner, claim, outcome, logical);
  return { recorded, outcome };
}

async function timed({ sender }: Pick<Deps, 'sender'>, message: Outgoing): Promise<SendOutcome> {
  const stop = providerCallSeconds.startTimer({ channel: message.channel });
  const outcome = await sender.send(message);
  stop();
  providerCalls.inc({ channel: message.channel, outcome: outcome.kind });
  return outcome;
}

/**
 * The endpoint learns what a push service says of its token, and the suppression list, where `REPOINT_SUPPRESS` wants it,
 * that the device is gone; not of a token that is only of another app. A number of which Pinpoint says that it has opted
 * out is heard as a STOP. After the outcome is recorded: lost in a crash it is said again by the next message, and the
 * locks of endpoints are held with no other.
 */
async function followAddress(
  deps: Pick<Deps, 'db' | 'config'>,
  { appId, channel }: MessageOwner,
  { recipient: { endpointId, address } }: CallClaim,
  outcome: SendOutcome,
  logical: Date,
): Promise<void> {
  const { db, config } = deps;
  const endpoint = endpointId === null ? null : { appId, endpointId };
  if (channel === 'SMS' && outcome.kind === 'refused' && outcome.code === 'OPT_OUT')
    await followWord(deps, 'stop', {
      speaker: { endpoint, channel, address },
      saidAt: logical,
      now: logical,
    });
  const isGone = outcome.kind === 'refused' && outcome.deadAddress === 'gone';
  const form = suppressedForm(channel, address);
  if (isGone && form !== null && config.REPOINT_SUPPRESS.includes('token'))
    await suppress(db, [{ ...form, reason: 'BOUNCE', source: 'push', since: logical }]);
  const fate = fateOf(outcome);
  if (fate === null || endpointId === null) return;
  const of = { endpointId, address };
  await db.transaction().execute((tx) => recordAddressFate(tx, appId, of, fate, logical));
}

/** Whether a call may not begin any more. `claimedAt`: when its claim was committed (`performance.now()`). */
export function isTooLate(claimedAt: number): boolean {
  return performance.now() - claimedAt >= BEGIN_WITHIN_MS;
}

/** What a call that may not begin any more comes to. */
export const notBegun: SendOutcome = { kind: 'unreached', reason: 'the call could not begin in time' };
