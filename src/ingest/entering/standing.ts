import type { Selectable } from 'kysely';
import { refusalOf } from '../../db/people/sendTargets.ts';
import type { EndpointTable } from '../../db/tables/people.ts';
import { type Participant, participantOf } from '../../domain/participant.ts';
import type { ClockRefusal } from './localSchedule.ts';

/** What entering looks at of an endpoint, and whether it matches the journey's segment. */
export type Seen = Pick<Selectable<EndpointTable>, (typeof seenColumns)[number]> & {
  readonly matches: boolean;
  /** Why its clock keeps it out; null or absent: it does not. */
  readonly untimely?: ClockRefusal | null;
};

export const seenColumns = [
  'id',
  'user_id',
  'status',
  'opt_out',
  'address',
  'channel_type',
  'demographic',
  'location',
] as const;

/** Why an endpoint that matches is not entered, in Pinpoint's words. */
export type EndpointRefusal =
  | 'ENDPOINT_OPT_OUT'
  | 'ENDPOINT_INACTIVE'
  | 'ENDPOINT_MISSING_CHANNEL'
  | 'ENDPOINT_MISSING_ADDRESS'
  | ClockRefusal;

/** How a participant stands to a journey's segment, with all their endpoints. */
export interface Standing {
  readonly participant: Participant;
  readonly matching: boolean;
  /** The endpoints an entry may be anchored on, the first of them if nothing speaks for another. */
  readonly eligible: readonly string[];
  /** One for each endpoint that matches and is not eligible. */
  readonly refusals: readonly EndpointRefusal[];
}

/** One standing for each participant, in one order, so that two batches never wait for each other in a circle. */
export function standingsOf(seen: readonly Seen[]): Standing[] {
  const byParticipant = Map.groupBy(seen, (endpoint) =>
    participantOf({ id: endpoint.id, userId: endpoint.user_id }),
  );
  return [...byParticipant.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([participant, endpoints]) => standingOf(participant, endpoints));
}

function standingOf(participant: Participant, endpoints: readonly Seen[]): Standing {
  const matching = endpoints
    .filter((endpoint) => endpoint.matches)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((endpoint) => ({ id: endpoint.id, refusal: entryRefusalOf(endpoint) }));
  return {
    participant,
    matching: matching.length > 0,
    eligible: matching.flatMap(({ id, refusal }) => (refusal === null ? [id] : [])),
    refusals: matching.flatMap(({ refusal }) => refusal ?? []),
  };
}

function entryRefusalOf(endpoint: Seen): EndpointRefusal | null {
  const refusal = refusalOf(endpoint);
  if (refusal !== null) return refusal;
  if (endpoint.channel_type === null) return 'ENDPOINT_MISSING_CHANNEL';
  if (endpoint.address === null) return 'ENDPOINT_MISSING_ADDRESS';
  return endpoint.untimely ?? null;
}
