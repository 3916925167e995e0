import { type Selectable, sql } from 'kysely';
import { json, type Tx } from '../db/database.ts';
import type { EndpointTable } from '../db/tables.ts';
import { type Participant, participantOf } from '../domain/participant.ts';
import { type Candidate, enterJourney, type LiveJourney, neverEntered } from './enterJourney.ts';

/** What membership looks at of an endpoint, and whether it matches the journey's segment. */
export type Seen = Pick<
  Selectable<EndpointTable>,
  'id' | 'user_id' | 'status' | 'opt_out' | 'address' | 'channel_type'
> & { readonly matches: boolean };

/** Why somebody who matches is not entered, in Pinpoint's words. */
type Refusal =
  | 'ENDPOINT_OPT_OUT'
  | 'ENDPOINT_INACTIVE'
  | 'ENDPOINT_MISSING_CHANNEL'
  | 'ENDPOINT_MISSING_ADDRESS';

interface Standing {
  readonly participant: Participant;
  readonly matching: boolean;
  /** The endpoint an entry would be anchored on. */
  readonly anchor: string | null;
  readonly refused: Refusal | null;
}

/**
 * Brings a journey's membership up to what was seen, and enters who matches and has never entered. Level-triggered: it
 * asks how things stand, never what changed, so seeing the same thing twice does nothing. Participants whose every
 * endpoint is gone are not its business.
 */
export async function applyMembership(
  tx: Tx,
  journey: LiveJourney,
  seen: readonly Seen[],
  now: Date,
): Promise<number> {
  const standings = standingsOf(seen);
  if (standings.length === 0) return 0;
  const matchNumbers = await writeMembers(tx, journey, standings, now);
  const ready = standings.filter((standing) => standing.anchor !== null);
  const fresh = await neverEntered(
    tx,
    journey,
    ready.map((standing) => standing.participant),
  );
  const candidates = ready.flatMap(({ participant, anchor }): Candidate[] =>
    anchor !== null && fresh.has(participant)
      ? [{ participant, endpointId: anchor, cause: `match:${matchNumbers.get(participant) ?? 1}` }]
      : [],
  );
  return (await enterJourney(tx, journey, candidates, now)).length;
}

/** One standing for each participant, in one order, so that two batches never wait for each other in a circle. */
function standingsOf(seen: readonly Seen[]): Standing[] {
  const byParticipant = Map.groupBy(seen, (endpoint) =>
    participantOf({ id: endpoint.id, userId: endpoint.user_id }),
  );
  return [...byParticipant.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([participant, endpoints]) => {
      const matching = endpoints
        .filter((endpoint) => endpoint.matches)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const anchor = matching.find((endpoint) => refusalOf(endpoint) === null)?.id ?? null;
      const refused = anchor === null && matching[0] ? refusalOf(matching[0]) : null;
      return { participant, matching: matching.length > 0, anchor, refused };
    });
}

function refusalOf(endpoint: Seen): Refusal | null {
  if (endpoint.opt_out === 'ALL') return 'ENDPOINT_OPT_OUT';
  if (endpoint.status !== 'ACTIVE') return 'ENDPOINT_INACTIVE';
  if (endpoint.channel_type === null) return 'ENDPOINT_MISSING_CHANNEL';
  if (endpoint.address === null) return 'ENDPOINT_MISSING_ADDRESS';
  return null;
}

/**
 * Writes how participants stand, of those who stand otherwise than is written; `match_no` counts how often each has
 * started to match. Answers it by participant.
 */
async function writeMembers(
  tx: Tx,
  journey: LiveJourney,
  standings: readonly Standing[],
  now: Date,
): Promise<Map<Participant, number>> {
  const known = await readMembers(tx, journey, standings);
  const changed = standings.filter(({ participant, matching, refused }) => {
    const before = known.get(participant);
    return before ? before.matching !== matching || before.refused !== refused : matching;
  });
  const numbers = new Map([...known].map(([participant, member]) => [participant, member.match_no]));
  for (const row of await writeChanged(tx, journey, changed, now)) numbers.set(row.participant, row.match_no);
  return numbers;
}

async function readMembers(tx: Tx, journey: LiveJourney, standings: readonly Standing[]) {
  const participants = standings.map(({ participant }) => participant);
  const rows = await tx
    .selectFrom('journey_member')
    .select(['participant', 'matching', 'match_no', 'refused'])
    .where('app_id', '=', journey.app_id)
    .where('journey_id', '=', journey.id)
    .where('participant', '=', sql<Participant>`any(${participants}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.participant as Participant, row]));
}

async function writeChanged(tx: Tx, journey: LiveJourney, changed: readonly Standing[], now: Date) {
  if (changed.length === 0) return [];
  const rows = changed.map(({ participant, matching, refused }) => ({ participant, matching, refused }));
  const written = await sql<{ participant: Participant; match_no: number }>`
    insert into journey_member as member (app_id, journey_id, participant, matching, match_no, refused, updated_at)
    select ${journey.app_id}, ${journey.id}, participant, matching, case when matching then 1 else 0 end, refused, ${now}
    from jsonb_to_recordset(${json(rows)}::jsonb) as seen (participant text, matching boolean, refused text)
    where matching or (
      select true from journey_member known
      where known.app_id = ${journey.app_id} and known.journey_id = ${journey.id} and known.participant = seen.participant)
    on conflict (app_id, journey_id, participant) do update set
      match_no = member.match_no + case when excluded.matching and not member.matching then 1 else 0 end,
      matching = excluded.matching, refused = excluded.refused, updated_at = excluded.updated_at
    returning participant, match_no`.execute(tx);
  return written.rows;
}
