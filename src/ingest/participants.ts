import type { Tx } from '../db/database.ts';
import type { Participant } from '../domain/participant.ts';

/** An endpoint that signed in, signed out or changed its user. */
export interface IdentityChange {
  readonly appId: string;
  readonly endpointId: string;
  readonly from: Participant;
  readonly to: Participant;
}

/**
 * Moves an endpoint's open entries and their watches to its new participant, in the transaction of the change.
 * Where the new participant is inside the same journey already, the newer of the two entries ends (DUPLICATE_USER).
 */
export async function rekeyParticipant(_tx: Tx, _change: IdentityChange, _now: Date): Promise<void> {}

export interface ForgottenEndpoint {
  readonly id: string;
  readonly userId: string | null;
}

/**
 * What the deletion of endpoints causes, in its transaction and after the rows are gone: the entries of a participant
 * who has no endpoint left end and are erased with what was sent and heard; of the others, the deleted endpoints' rows.
 */
export async function forgetEndpoints(
  _tx: Tx,
  _appId: string,
  _endpoints: readonly ForgottenEndpoint[],
  _now: Date,
): Promise<void> {}
