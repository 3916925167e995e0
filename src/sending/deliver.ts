import { setTimeout as sleep } from 'node:timers/promises';
import type { Outgoing, SendOutcome } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { RepointError } from '../domain/errors.ts';
import type { CallClaim, MessageOwner } from './ledger.ts';
import { type Recorded, recordOutcome } from './record.ts';

/** A call that has not begun this long (real milliseconds) after its claim is given up: a pause or a cancel waits for claims, not for calls. */
const BEGIN_WITHIN_MS = 1_000;
/** Waits before an answer is recorded again. With the call itself they stay within the life of a claim. */
const RECORD_AGAIN_MS = [100, 300, 1_000];

export interface Delivered {
  /** `erased`: the person was erased while the call was under way, there is nothing left to record. */
  readonly recorded: Recorded | 'erased';
  readonly outcome: SendOutcome;
}

/**
 * Makes the one provider call of a committed claim and records its answer.
 * @param claimedAt when the claim was committed (`performance.now()`), where nothing may leave long after that
 */
export async function deliver(
  deps: Pick<Deps, 'db' | 'sender' | 'clock'>,
  owner: MessageOwner,
  claim: CallClaim,
  message: Outgoing,
  claimedAt?: number,
): Promise<Delivered> {
  const isLate = claimedAt !== undefined && performance.now() - claimedAt >= BEGIN_WITHIN_MS;
  const outcome = isLate ? notBegun : await deps.sender.send(message);
  const logical = await deps.clock.now();
  const recorded = await untilRecorded(() => recordOutcome(deps.db, owner, claim, outcome, logical));
  return { recorded, outcome };
}

const notBegun: SendOutcome = { kind: 'unreached', reason: 'the call could not begin in time' };

/**
 * An answer in hand is not thrown away with a connection to Postgres that was lost: without it the message would be
 * unknown. Recording it twice is harmless.
 */
async function untilRecorded(record: () => Promise<Recorded>): Promise<Delivered['recorded']> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await record();
    } catch (error) {
      if (error instanceof RepointError && error.code === 'NotFound') return 'erased';
      const wait = RECORD_AGAIN_MS[tries];
      if (wait === undefined) throw error;
      await sleep(wait);
    }
  }
}
