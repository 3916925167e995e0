import type { Outgoing } from '../../channels/channel.ts';
import type { OutgoingCustom } from '../../channels/custom/customChannel.ts';
import type { Tx } from '../../db/database.ts';
import type { SendTarget } from '../../db/people/sendTargets.ts';
import type { CallClaim, MessageOwner } from '../../sending/ledger.ts';
import type { Kept } from '../../sending/record.ts';

/** A message of a step, and what of it is to be kept with its claim. */
export interface Composed {
  readonly message: Outgoing | OutgoingCustom;
  readonly kept?: Omit<Kept, 'claim'>;
}

/** Renders a step's message for one endpoint; or answers why it cannot be sent. */
export type ComposeStep = (
  tx: Tx,
  owner: MessageOwner,
  claim: CallClaim,
  endpoint: SendTarget,
  now: Date,
) => Promise<Composed | string>;
