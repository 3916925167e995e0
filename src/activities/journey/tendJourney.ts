import type { Selectable } from 'kysely';
import { closeJourney, completeJourney, sweepCancelled } from '../../db/journeys/journeyEnd.ts';
import { currentRun, type JourneyKey, type JourneyRun, startOf } from '../../db/journeys/journeyRuns.ts';
import { loadSegmentTree } from '../../db/segments/segments.ts';
import type { JourneyTable } from '../../db/tables/journeys.ts';
import type { Deps } from '../../deps.ts';
import { nextRefresh, refreshEvery } from '../../domain/journey/entryRules.ts';
import { timeDependent } from '../../domain/segment/facts.ts';
import { enterPage } from '../../ingest/entering/enterPage.ts';
import { localSchedule, nextLocalStart } from '../../ingest/entering/localSchedule.ts';
import { openRun, restartPass, startRun } from '../../ingest/journeys/journeyRun.ts';
import type { Tended } from './journeyLifeActivities.ts';

type Journey = Selectable<JourneyTable>;
type State = Journey['state'];

interface Turn {
  readonly deps: Deps;
  readonly key: JourneyKey;
  readonly journey: Journey;
  readonly now: Date;
}

const again: Tended = { is: 'again' };
const over: Tended = { is: 'over' };
const SECOND = 1000;

/** Does the next thing that is due in a journey's life. See `JourneyLifeActivities`. */
export async function tendJourney(deps: Deps, key: JourneyKey): Promise<Tended> {
  const now = await deps.clock.now();
  const journey = await deps.db
    .selectFrom('journey')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.journeyId)
    .executeTakeFirst();
  if (!journey) return over;
  return (await turns[journey.state]?.({ deps, key, journey, now })) ?? over;
}

/** What is done in each state; in all others the journey's life is over. */
const turns: Readonly<Record<State, (turn: Turn) => Promise<Tended>>> = {
  ACTIVE: tendActive,
  // its end, too, waits for it to go on
  PAUSED: async () => ({ is: 'sleep', until: null }),
  CLOSED: async ({ deps, key, now }) => {
    const lookAgain = await completeJourney(deps.db, key, now);
    return lookAgain === null ? over : { is: 'sleep', until: lookAgain.getTime() };
  },
  CANCELLED: async ({ deps, key, now }) => {
    const isSwept = await sweepCancelled(deps.db, key, now);
    return isSwept ? over : { is: 'sleep', until: now.getTime() + SECOND };
  },
};

async function tendActive(turn: Turn): Promise<Tended> {
  const { deps, key, journey, now } = turn;
  if (journey.ends_at !== null && journey.ends_at <= now) {
    await closeJourney(deps.db, key, now);
    return again;
  }
  if (journey.starts_at !== null && journey.starts_at > now) {
    return sleepUntil(turn, journey.starts_at.getTime());
  }
  const run = await currentRun(deps.db, key);
  if (run === undefined || run.state === 'SCHEDULED') {
    await startRun(deps.db, key, now);
    return again;
  }
  return journey.entry_event_type === null ? await tendPasses(turn, run) : sleepUntil(turn, null);
}

/** A journey that members of a segment enter. */
async function tendPasses(turn: Turn, run: JourneyRun): Promise<Tended> {
  const { deps, key, journey, now } = turn;
  const isOriginal = journey.entry_mode === 'original';
  const every = refreshEvery(journey.document, journey.time_scale);
  if (journey.passes_wanted !== run.pass && !(isOriginal && every === null && run.pass_done_at !== null)) {
    if (isOriginal && every !== null) await openRun(deps.db, key, run.no + 1, now);
    else await restartPass(deps.db, key, run.id, now);
    return again;
  }
  if (run.pass_done_at === null) {
    await enterPage(deps, key);
    return again;
  }
  const localAt = nextStartSomewhere(journey, run.pass_done_at);
  if (isOriginal && every === null && localAt === null) {
    await closeJourney(deps.db, key, now);
    return again;
  }
  return await tendTimes(turn, run, run.pass_done_at, every);
}

/** With LocalTime, when the next of the world's zones comes to the start. */
function nextStartSomewhere({ document }: Journey, after: Date): number | null {
  const schedule = localSchedule(document);
  return schedule && nextLocalStart(schedule, after.getTime());
}

/** Between passes: the next refresh, and the next time at which time itself may have changed who may enter. */
async function tendTimes(
  turn: Turn,
  run: JourneyRun,
  passDoneAt: Date,
  every: number | null,
): Promise<Tended> {
  const { deps, key, now } = turn;
  const start = (await startOf(deps.db, key)) ?? run.created_at;
  const lastRun = (run.started_at ?? run.created_at).getTime();
  const refreshAt = every === null ? null : nextRefresh(start.getTime(), lastRun, every);
  if (refreshAt !== null && refreshAt <= now.getTime()) {
    await openRun(deps.db, key, run.no + 1, now);
    return again;
  }
  const pause = await passEveryMs(turn);
  const byDates = pause === null ? null : passDoneAt.getTime() + pause;
  const passAt = earliest(byDates, nextStartSomewhere(turn.journey, passDoneAt));
  if (passAt !== null && passAt <= now.getTime()) {
    await restartPass(deps.db, key, run.id, now);
    return again;
  }
  return sleepUntil(turn, earliest(refreshAt, passAt));
}

/** Milliseconds between passes over a segment whose members change with time alone; null where they do not. */
async function passEveryMs({ deps, journey }: Turn): Promise<number | null> {
  if (journey.entry_mode === 'original' || journey.segment_id === null) return null;
  const segment = await loadSegmentTree(deps.db, journey.app_id, journey.segment_id, journey.segment_version);
  if (segment === null || !timeDependent(segment.tree)) return null;
  return deps.config.REPOINT_TIME_DEPENDENT_PASS_SECONDS * SECOND;
}

function sleepUntil({ journey }: Turn, instant: number | null): Tended {
  return { is: 'sleep', until: earliest(instant, journey.ends_at?.getTime() ?? null) };
}

function earliest(...instants: readonly (number | null)[]): number | null {
  const given = instants.filter((instant) => instant !== null);
  return given.length === 0 ? null : Math.min(...given);
}
