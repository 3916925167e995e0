/**
 * Who travels through a journey: a user with all their endpoints, or an endpoint that belongs to nobody.
 * Written `u:{userId}` or `e:{endpointId}`.
 */
export type Participant = `u:${string}` | `e:${string}`;

/** The participant an endpoint stands for. */
export function participantOf(endpoint: { id: string; userId: string | null }): Participant {
  return endpoint.userId === null ? `e:${endpoint.id}` : `u:${endpoint.userId}`;
}

/** The id of the user who travels; null where it is an endpoint that belongs to nobody. */
export function userOf(participant: string): string | null {
  return participant.startsWith('u:') ? participant.slice(2) : null;
}
