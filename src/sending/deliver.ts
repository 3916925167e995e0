import type { Outgoing, SendOutcome } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import type { CallClaim, MessageOwner } from './ledger.ts';
import { type Recorded, recordOutcome } from './record.ts';

export interface Delivered {
  readonly recorded: Recorded;
  readonly outcome: SendOutcome;
}

/** Makes the one provider call of a committed claim and records its answer. */
export async function deliver(
  deps: Pick<Deps, 'db' | 'sender' | 'clock'>,
  owner: MessageOwner,
  claim: CallClaim,
  message: Outgoing,
): Promise<Delivered> {
  const outcome = await deps.sender.send(message);
  const recorded = await recordOutcome(deps.db, owner, claim, outcome, await deps.clock.now());
  return { recorded, outcome };
}
