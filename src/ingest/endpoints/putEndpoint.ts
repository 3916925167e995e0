import type { Tx } from '../../db/database.ts';
import { lockAudience } from '../../db/people/audienceLocks.ts';
import { markDirty, storeEndpoints, storeUsers } from '../../db/people/endpoints.ts';
import { type AudienceState, applyWrites, type EndpointWrite } from '../../domain/endpoint/audience.ts';
import type { Endpoint, EndpointChange } from '../../domain/endpoint/endpoint.ts';
import type { RepointError } from '../../domain/errors.ts';
import { participantOf } from '../../domain/participant.ts';
import { rekeyParticipants } from './participants.ts';

/**
 * Writes one endpoint and all that follows from it; see `putEndpoints`, which takes several at once. A transaction
 * that writes several must give them to one `putEndpoints`, or it may wait in a circle with another.
 * @throws RepointError BadRequest when the endpoint cannot be as the change says
 */
export async function putEndpoint(
  tx: Tx,
  appId: string,
  endpointId: string,
  change: EndpointChange,
  now: Date,
): Promise<void> {
  const [refusal] = await putEndpoints(tx, appId, [{ id: endpointId, change }], now);
  if (refusal) throw refusal;
}

/**
 * Writes endpoints in order, an id more than once too: merged with what is there; the attributes of a user stored
 * once for all of the user's endpoints; an older endpoint of the same address turned INACTIVE; at most 15 endpoints a
 * user. What segments may see differently is marked dirty, and entries and watches follow an endpoint to its new user.
 * Made for up to 100 at once: each new address costs a lock in the server's lock table.
 * @returns one per write: why it was refused and changed nothing, or null
 */
export async function putEndpoints(
  tx: Tx,
  appId: string,
  writes: readonly EndpointWrite[],
  now: Date,
): Promise<readonly (RepointError | null)[]> {
  if (writes.length === 0) return [];
  const state = await lockAudience(tx, appId, writes, now);
  const outcome = applyWrites(state, writes, now);
  await storeEndpoints(tx, appId, outcome.written);
  await storeUsers(tx, appId, outcome.users, now);
  await markDirty(
    tx,
    appId,
    outcome.changed.map((endpoint) => endpoint.id),
    [...outcome.users.keys()],
  );
  await rekeyMoved(tx, appId, state, outcome.written, now);
  return outcome.refusals;
}

async function rekeyMoved(
  tx: Tx,
  appId: string,
  state: AudienceState,
  written: readonly Endpoint[],
  now: Date,
): Promise<void> {
  const changes = written.flatMap((after) => {
    const before = state.endpoints.get(after.id);
    if (before === undefined || before.userId === after.userId) return [];
    return [{ appId, endpointId: after.id, from: participantOf(before), to: participantOf(after) }];
  });
  await rekeyParticipants(tx, appId, changes, now);
}
