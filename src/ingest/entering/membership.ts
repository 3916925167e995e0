import type { Tx } from '../../db/database.ts';
import { type Member, noteAnswers, readMembers, writeMembers } from '../../db/journeys/journeyMembers.ts';
import { countForRun } from '../../db/journeys/journeyRuns.ts';
import { considerEntries } from './considerEntries.ts';
import type { Candidate, LiveJourney } from './enterJourney.ts';
import { localSchedule, refusedByClock } from './localSchedule.ts';
import { type Seen, type Standing, standingsOf } from './standing.ts';
import { type Tally, tallyConsidered } from './tally.ts';

/**
 * Whom a look at members considers for entry.
 * - news: whoever matches anew, or stands otherwise than before; seeing the same thing twice does nothing
 * - everyone: also those who have entered before, as a refresh does
 */
export type Occasion = 'news' | 'everyone';

/**
 * Brings a journey's membership up to what was seen, and enters whom its rules let in. It asks how things stand, never
 * what changed. Each match is answered once: by an entry, or by a refusal to enter again. Who is only not eligible yet
 * (opted out, no address) enters when they are. Participants whose every endpoint is gone are not its business.
 */
export async function applyMembership(
  tx: Tx,
  journey: LiveJourney,
  seen: readonly Seen[],
  occasion: Occasion,
  now: Date,
): Promise<number> {
  const looks = await lookAt(tx, journey, standingsOf(await onTheirClocks(journey, seen, now)), now);
  const considered = looks.filter(
    (look) => look.standing.matching && (occasion === 'everyone' || look.isNew),
  );
  const candidates = considered
    .filter((look) => look.decides || occasion === 'everyone')
    .flatMap((look) => candidateOf(journey, look));
  const verdicts = await considerEntries(tx, journey, candidates, now);
  // who is news and entered was written without a refusal a moment ago
  const worthNoting = [...verdicts].filter(([, refusal]) => refusal !== null || occasion === 'everyone');
  await noteAnswers(tx, keyOf(journey), new Map(worthNoting), now);
  const tally: Tally = new Map();
  for (const { standing } of considered) tallyConsidered(tally, standing, verdicts.get(standing.participant));
  if (journey.run_id !== null) await countForRun(tx, journey.app_id, journey.run_id, tally);
  return tally.get('ENDPOINT_ENTERED') ?? 0;
}

/** With LocalTime, what the clock of each endpoint that matches says. */
async function onTheirClocks(
  journey: LiveJourney,
  seen: readonly Seen[],
  now: Date,
): Promise<readonly Seen[]> {
  const schedule = localSchedule(journey.document);
  if (schedule === null) return seen;
  return await Promise.all(
    seen.map(async (endpoint) =>
      endpoint.matches ? { ...endpoint, untimely: await refusedByClock(schedule, endpoint, now) } : endpoint,
    ),
  );
}

/** A participant, and what is new about them. */
interface Look {
  readonly standing: Standing;
  readonly matchNo: number;
  /** Whether this match waits for its answer, and gets it now. */
  readonly decides: boolean;
  readonly isNew: boolean;
}

async function lookAt(
  tx: Tx,
  journey: LiveJourney,
  standings: readonly Standing[],
  now: Date,
): Promise<Look[]> {
  if (standings.length === 0) return [];
  const participants = standings.map(({ participant }) => participant);
  const known = await readMembers(tx, keyOf(journey), participants);
  const changes = standings.flatMap((standing) => {
    const before = known.get(standing.participant);
    const change = changeOf(standing, before);
    return isChanged(change, before) ? [change] : [];
  });
  const numbers = await writeMembers(tx, keyOf(journey), changes, now);
  const changed = new Map(changes.map((change) => [change.participant, change]));
  return standings.map((standing) => {
    const change = changed.get(standing.participant);
    return {
      standing,
      matchNo: numbers.get(standing.participant) ?? known.get(standing.participant)?.matchNo ?? 1,
      decides: change?.decides ?? false,
      isNew: change !== undefined,
    };
  });
}

function changeOf({ participant, matching, eligible, refusals }: Standing, before: Member | undefined) {
  const matchNo = (before?.matchNo ?? 0) + (matching && !before?.matching ? 1 : 0);
  const isDecided = before !== undefined && before.decidedNo >= matchNo;
  const decides = matching && eligible.length > 0 && !isDecided;
  // what was answered to a match stays noted beside it
  const answered = isDecided && eligible.length > 0 ? before.refused : null;
  const refused = eligible.length === 0 ? (refusals[0] ?? null) : answered;
  return { participant, matching, refused, decides };
}

function isChanged(change: ReturnType<typeof changeOf>, before: Member | undefined): boolean {
  if (before === undefined) return change.matching;
  return change.decides || before.matching !== change.matching || before.refused !== change.refused;
}

function candidateOf(journey: LiveJourney, { standing, matchNo, decides }: Look): Candidate[] {
  const [endpointId] = standing.eligible;
  if (endpointId === undefined) return [];
  const byMatch = decides && journey.entry_mode !== 'original';
  const cause = byMatch ? `match:${matchNo}` : `run:${journey.run_id}`;
  return [{ participant: standing.participant, endpointId, cause }];
}

function keyOf(journey: LiveJourney) {
  return { appId: journey.app_id, journeyId: journey.id };
}
