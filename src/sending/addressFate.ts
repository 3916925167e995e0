import type { SendOutcome } from '../channels/channel.ts';
import type { Tx } from '../db/database.ts';
import { lockAudience } from '../db/people/audienceLocks.ts';
import { markDirty, storeEndpoints } from '../db/people/endpoints.ts';
import { applyWrites } from '../domain/endpoint/audience.ts';
import type { Endpoint, EndpointChange } from '../domain/endpoint/endpoint.ts';

/** Whose address a provider told something of. */
export interface Addressee {
  readonly endpointId: string;
  readonly address: string;
}

/** What may be told: it is dead, its owner wants no messages, or it has another form now. */
export type AddressFate = Pick<EndpointChange, 'status' | 'optOut' | 'optOutAt' | 'address'>;

/** What an answer of a push service says of the token; null where it says nothing. */
export function fateOf(outcome: SendOutcome): AddressFate | null {
  if (outcome.kind === 'refused' && outcome.deadAddress !== undefined) return { status: 'INACTIVE' };
  if (outcome.kind === 'accepted' && outcome.updatedToken !== undefined)
    return { address: outcome.updatedToken };
  return null;
}

/**
 * Changes an endpoint by what a provider told of its address, and nothing of one that has another address by now: the
 * word was about the old one. Takes the locks that writers of endpoints take, so its transaction does nothing else.
 * @returns the endpoint as it is now; null where none has the address any more
 * @throws RepointError Unavailable when others keep writing the endpoint
 */
export async function recordAddressFate(
  tx: Tx,
  appId: string,
  { endpointId, address }: Addressee,
  fate: AddressFate,
  now: Date,
): Promise<Endpoint | null> {
  const state = await lockAudience(tx, appId, [{ id: endpointId, change: fate }], now);
  const before = state.endpoints.get(endpointId);
  if (before === undefined || before.address !== address) return null;
  const status = before.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE';
  // a provider's word is no sign of life: the effective date stays
  const change: EndpointChange = { status, effectiveDate: before.effectiveDate, ...fate };
  const outcome = applyWrites(state, [{ id: endpointId, change }], now);
  await storeEndpoints(tx, appId, outcome.written);
  const changed = outcome.changed.map((endpoint) => endpoint.id);
  await markDirty(tx, appId, changed, []);
  return outcome.written.find(({ id }) => id === endpointId) ?? before;
}
