import type { Tx } from '../../db/database.ts';
import { cancel, pause, remove, resume } from '../../db/journeys/journeyState.ts';
import { type JourneyRow, type JourneyState, lockJourney } from '../../db/journeys/journeys.ts';
import { tellLife } from '../../db/journeys/lastToLeave.ts';
import type { Deps } from '../../deps.ts';
import { badRequest } from '../../domain/errors.ts';
import { untilNoCall } from '../../sending/liveCalls.ts';

type StateDeps = Pick<Deps, 'clock' | 'db'>;

/** The states that can be asked for; the others come by themselves, or by publishing. */
export type RequestedState = 'ACTIVE' | 'PAUSED' | 'CANCELLED';

interface Transition {
  readonly from: readonly JourneyState[];
  readonly apply: (tx: Tx, journey: JourneyRow, now: Date) => Promise<JourneyRow>;
}

const transitions: Readonly<Record<RequestedState, Transition>> = {
  ACTIVE: { from: ['PAUSED'], apply: resume },
  PAUSED: { from: ['ACTIVE'], apply: pause },
  CANCELLED: { from: ['ACTIVE', 'PAUSED', 'CLOSED'], apply: cancel },
};

/**
 * Pauses, resumes or cancels a journey. A state it is in already is answered as it is, so that a repeated request
 * does no harm. Once a cancel has returned, no message of the journey leaves any more.
 * @throws RepointError NotFound; BadRequest where the journey cannot go from its state to the one asked for
 */
export async function changeJourneyState(
  deps: StateDeps,
  appId: string,
  journeyId: string,
  requested: RequestedState,
): Promise<JourneyRow> {
  const now = await deps.clock.now();
  const journey = await deps.db.transaction().execute(async (tx) => {
    const locked = await lockJourney(tx, appId, journeyId);
    return await transit(tx, locked, requested, now);
  });
  if (requested === 'CANCELLED') await untilNoCall(deps.db, { appId, journeyId });
  return journey;
}

/**
 * Deletes a journey: one that runs is cancelled first, with the same promise. A draft leaves nothing. A journey that
 * has run is not shown any more, but its rows stay until its app is deleted or its people are erased: they tell what
 * was sent to whom and why.
 * @returns the journey as it was last
 * @throws RepointError NotFound
 */
export async function deleteJourney(deps: StateDeps, appId: string, journeyId: string): Promise<JourneyRow> {
  const now = await deps.clock.now();
  const journey = await deps.db.transaction().execute(async (tx) => {
    const locked = await lockJourney(tx, appId, journeyId);
    const runs = transitions.CANCELLED.from.some((state) => state === locked.state);
    const stopped = runs ? await transit(tx, locked, 'CANCELLED', now) : locked;
    await remove(tx, stopped, now);
    return stopped;
  });
  await untilNoCall(deps.db, { appId, journeyId });
  return journey;
}

async function transit(
  tx: Tx,
  journey: JourneyRow,
  requested: RequestedState,
  now: Date,
): Promise<JourneyRow> {
  if (journey.state === requested) return journey;
  const { from, apply } = transitions[requested];
  if (!from.some((state) => state === journey.state)) throw wrongTransition(journey, requested, from);
  // its life finds a pause by itself when it next has something to do
  if (requested !== 'PAUSED') await tellLife(tx, { appId: journey.app_id, journeyId: journey.id }, now);
  return await apply(tx, journey, now);
}

function wrongTransition(journey: JourneyRow, requested: RequestedState, from: readonly JourneyState[]) {
  const publish = 'publish a draft by UpdateJourney with State ACTIVE';
  const hint = journey.state === 'DRAFT' ? `; ${publish}` : '';
  const message = `a journey that is ${journey.state} cannot become ${requested}, only one that is ${from.join(' or ')} can${hint}`;
  return badRequest([{ path: 'State', message }]);
}
