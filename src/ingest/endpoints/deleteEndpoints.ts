import type { Tx } from '../../db/database.ts';
import { lockAudience, lockEndpoints, lockUsers } from '../../db/people/audienceLocks.ts';
import {
  type EndpointWithUser,
  endpointsOfUser,
  findEndpoint,
  markDirty,
} from '../../db/people/endpoints.ts';
import { eraseEndpoints } from './erase.ts';

/**
 * Deletes an endpoint with all that is kept about it, and its user's attributes when it was the user's last.
 * @returns the endpoint as it was; `undefined` when there is none
 */
export async function deleteEndpoint(
  tx: Tx,
  appId: string,
  endpointId: string,
  now: Date,
): Promise<EndpointWithUser | undefined> {
  await lockAudience(tx, appId, [{ id: endpointId, change: { status: 'INACTIVE' } }], now);
  const endpoint = await findEndpoint(tx, appId, endpointId);
  if (endpoint !== undefined) await erase(tx, appId, [endpoint], now);
  return endpoint;
}

/** Deletes a user with all endpoints and all that is kept about them. @returns the endpoints as they were */
export async function deleteUser(
  tx: Tx,
  appId: string,
  userId: string,
  now: Date,
): Promise<EndpointWithUser[]> {
  // Whoever wants to join or leave the user waits for this lock: the list is complete.
  await lockUsers(tx, appId, [userId], now);
  const endpoints = await endpointsOfUser(tx, appId, userId);
  await lockEndpoints(
    tx,
    appId,
    endpoints.map((endpoint) => endpoint.id),
  );
  await erase(tx, appId, endpoints, now);
  await eraseEmptyUsers(tx, appId, [userId]);
  return endpoints;
}

async function erase(
  tx: Tx,
  appId: string,
  endpoints: readonly EndpointWithUser[],
  now: Date,
): Promise<void> {
  const ids = endpoints.map((endpoint) => endpoint.id);
  if (ids.length === 0) return;
  await tx.deleteFrom('endpoint').where('app_id', '=', appId).where('id', 'in', ids).execute();
  const users = endpoints.flatMap(({ userId }) => (userId === null ? [] : [userId]));
  await eraseEmptyUsers(tx, appId, users);
  await eraseEndpoints(tx, appId, endpoints, now);
  // The user's other endpoints may match without it what they did not.
  await markDirty(tx, appId, [], users);
}

async function eraseEmptyUsers(tx: Tx, appId: string, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  await tx
    .deleteFrom('app_user')
    .where('app_id', '=', appId)
    .where('id', 'in', [...new Set(userIds)])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('endpoint')
            .select('endpoint.id')
            .whereRef('endpoint.app_id', '=', 'app_user.app_id')
            .whereRef('endpoint.user_id', '=', 'app_user.id'),
        ),
      ),
    )
    .execute();
}
