import type { Tx } from '../db/database.ts';
import { cancel, hasLiveClaim, pause, remove, resume } from '../db/journeyState.ts';
import { type JourneyRow, type JourneyState, lockJourney } from '../db/journeys.ts';
import { tellLife } from '../db/lastToLeave.ts';
import type { Deps } from '../deps.ts';
import { badRequest, notFound } from '../domain/errors.ts';
import { CLAIM_ALIVE_MS } from '../sending/ledger.ts';

type StateDeps = Pick<Deps, 'clock' | 'db' | 'log'>;

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
    const locked = await lockExisting(tx, appId, journeyId);
    return await transit(tx, locked, requested, now);
  });
  if (requested === 'CANCELLED') await outlastClaims(deps, journey);
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
    const locked = await lockExisting(tx, appId, journeyId);
    const runs = transitions.CANCELLED.from.some((state) => state === locked.state);
    const stopped = runs ? await transit(tx, locked, 'CANCELLED', now) : locked;
    await remove(tx, stopped, now);
    return stopped;
  });
  await outlastClaims(deps, journey);
  return journey;
}

async function lockExisting(tx: Tx, appId: string, journeyId: string): Promise<JourneyRow> {
  const journey = await lockJourney(tx, appId, journeyId);
  if (journey === undefined) throw notFound(`journey ${journeyId}`);
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

/** Real milliseconds between two looks at the claims of a journey that was cancelled. */
const LOOK_AGAIN_MS = 50;

/**
 * Waits until no call to a provider is on its way: a claim that was made before the cancel has its answer, or is too
 * old to be alive. New ones are not made, as each reads the journey's state under a lock.
 */
async function outlastClaims(deps: StateDeps, journey: JourneyRow): Promise<void> {
  const deadline = Date.now() + CLAIM_ALIVE_MS;
  while (Date.now() < deadline) {
    const since = new Date(Date.now() - CLAIM_ALIVE_MS);
    if (!(await hasLiveClaim(deps.db, journey, since))) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  deps.log.warn(
    { journeyId: journey.id },
    'journey cancelled while a claim without an answer was still young',
  );
}
