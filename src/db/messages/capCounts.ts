import { type SqlBool, sql } from 'kysely';
import type { Cap } from '../../domain/journey/caps.ts';
import type { Tx } from '../database.ts';
import type { Entry } from '../journeys/entries.ts';

/**
 * How many messages a participant has had of what each cap counts: sent, perhaps sent, or under way. A message counts from
 * its latest call. What an endpoint got before it signed in counts for its user. The participant's row is locked.
 */
export async function countForCaps(
  tx: Tx,
  entry: Pick<Entry, 'app_id' | 'journey_id' | 'participant'>,
  caps: readonly Cap[],
  now: Date,
): Promise<number[]> {
  if (caps.length === 0) return [];
  const counted = await tx
    .selectFrom('message')
    .select(({ fn }) =>
      caps.map((cap, index) =>
        fn
          .countAll<string>()
          .filterWhere(isCounted(cap, entry.journey_id, now))
          .as(`cap${index}`),
      ),
    )
    .where('app_id', '=', entry.app_id)
    .where('participant', '=', sql<string>`any(${participantsOf(entry)})`)
    .where((row) =>
      row.or([
        row('state', 'in', ['sent', 'delivered', 'unknown', 'claimed']),
        // put back by its provider: it keeps its place
        row.and([row('state', '=', 'queued'), row('attempt', '>', 0)]),
      ]),
    )
    .executeTakeFirstOrThrow();
  return caps.map((_, index) => Number(counted[`cap${index}`]));
}

const counts: Readonly<Record<Cap['of'], (journeyId: string) => ReturnType<typeof sql<SqlBool>>>> = {
  'this journey': (journeyId) => sql`journey_id = ${journeyId}`,
  'all journeys': () => sql`owner_kind = 'entry'`,
  'journeys and campaigns': () => sql`owner_kind in ('entry', 'campaign')`,
};

function isCounted({ of, withinMs }: Cap, journeyId: string, now: Date) {
  const since = withinMs === null ? null : new Date(now.getTime() - withinMs);
  return sql<SqlBool>`${counts[of](journeyId)} and (${since}::timestamptz is null or attempted_at > ${since})`;
}

function participantsOf({ app_id, participant }: Pick<Entry, 'app_id' | 'participant'>) {
  return sql`array(select 'e:' || id from endpoint where app_id = ${app_id} and 'u:' || user_id = ${participant}
    and user_id = ${participant.slice(2)}) || ${participant}::text`;
}
