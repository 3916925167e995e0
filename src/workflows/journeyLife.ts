import { condition, continueAsNew, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { JourneyLifeActivities } from '../activities/journeyLifeActivities.ts';

/** The segment was edited, or the journey resumed: ask the whole segment again. */
export const membershipChanged = defineSignal('membershipChanged');
/** The journey was cancelled or deleted. */
export const closed = defineSignal('closed');

const { openJourney, enterPage, closeJourney } = proxyActivities<JourneyLifeActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Pages entered in one run; a run then continues as new, so that no history grows with the size of a segment. */
const PAGES_PER_RUN = 200;

export interface JourneyLifeInput {
  readonly appId: string;
  readonly journeyId: string;
  /** Where the pass over the segment goes on; absent: it begins, once the journey has started. */
  readonly cursor?: string;
}

/** Owns a journey's start, its passes over the segment and its end. Who enters is decided in Postgres. */
export async function journeyLife(input: JourneyLifeInput): Promise<void> {
  const { appId, journeyId } = input;
  let passesWanted = 0;
  let isClosed = false;
  setHandler(membershipChanged, () => {
    passesWanted += 1;
  });
  setHandler(closed, () => {
    isClosed = true;
  });
  const journey = await openJourney({ appId, journeyId });
  if (!journey) return;
  await sleepUntil(journey.startsAt, () => isClosed);
  for (let cursor = input.cursor ?? ''; !isClosed; cursor = '') {
    const passesTaken = passesWanted;
    const rest = await enterSegment(input, cursor, () => isClosed);
    if (rest !== undefined) await continueAsNew<typeof journeyLife>({ ...input, cursor: rest });
    const nextPass = Math.min(journey.endsAt ?? Infinity, Date.now() + (journey.passEveryMs ?? Infinity));
    await sleepUntil(nextPass, () => isClosed || passesWanted > passesTaken);
    if (journey.endsAt !== null && Date.now() >= journey.endsAt)
      return await closeJourney({ appId, journeyId });
  }
}

/** Enters the members of the segment page by page; answers the cursor of a pass that this run must leave to the next. */
async function enterSegment(
  { appId, journeyId }: JourneyLifeInput,
  from: string,
  isClosed: () => boolean,
): Promise<string | undefined> {
  let cursor = from;
  for (let page = 0; page < PAGES_PER_RUN && !isClosed(); page += 1) {
    const entered = await enterPage({ appId, journeyId, cursor });
    if (entered.done) return undefined;
    cursor = entered.cursor;
  }
  return isClosed() ? undefined : cursor;
}

/** Sleeps until an instant (epoch milliseconds; null: now; Infinity: for ever) or until something has happened. */
async function sleepUntil(instant: number | null, happened: () => boolean): Promise<void> {
  if (instant === Infinity) return await condition(happened);
  const left = (instant ?? 0) - Date.now();
  if (left > 0) await condition(happened, left);
}
