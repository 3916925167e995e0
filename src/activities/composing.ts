import type { Outgoing } from '../channels/channel.ts';
import type { OutgoingCustom } from '../channels/customChannel.ts';
import type { Tx } from '../db/database.ts';
import type { CallClaim, MessageOwner } from '../sending/ledger.ts';
import type { EndpointRow } from './recipients.ts';

/** Renders a step's message for one endpoint and keeps what was rendered; or answers why it cannot be sent. */
export type ComposeStep = (
  tx: Tx,
  owner: MessageOwner,
  claim: CallClaim,
  endpoint: EndpointRow,
  now: Date,
) => Promise<Outgoing | OutgoingCustom | string>;
