/**
 * Who travels through a journey: a user with all their endpoints, or an endpoint that belongs to nobody.
 * Written `u:{userId}` or `e:{endpointId}`.
 */
export type Participant = `u:${string}` | `e:${string}`;

/** The participant an endpoint stands for. */
export function participantOf(endpoint: { id: string; userId: string | null }): Participant {
  return endpoint.userId === null ? `e:${endpoint.id}` : `u:${endpoint.userId}`;
}
