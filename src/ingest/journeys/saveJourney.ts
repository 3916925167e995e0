import { type ParsedJourney, parseJourney } from '../../contract/journey/journey.ts';
import type { Tx } from '../../db/database.ts';
import { newResourceId } from '../../db/ids.ts';
import {
  insertJourney,
  type JourneyRow,
  lockJourney,
  replaceDraft,
  requireJourney,
} from '../../db/journeys/journeys.ts';
import { countMatching, type Matching } from '../../db/segments/segments.ts';
import type { Deps } from '../../deps.ts';
import { RepointError } from '../../domain/errors.ts';
import { type Publishing, type PublishSettings, publishDraft } from './publishJourney.ts';

export type JourneyDeps = Pick<Deps, 'clock' | 'db' | 'log'> & {
  readonly config: PublishSettings;
};

/** A journey as it was stored, and what its author should hear. */
export interface SavedJourney {
  readonly journey: JourneyRow;
  readonly warnings: readonly string[];
  /** How many endpoints match its segment now; undefined for a draft, and where there is no segment. */
  readonly matching: Matching | undefined;
}

/**
 * Creates a journey as CreateJourney takes it, and publishes it when its State is ACTIVE.
 * @param id chosen by the caller so that a repeated request creates nothing twice; absent: a new one
 * @throws RepointError BadRequest with every problem
 */
export async function createJourney(
  deps: JourneyDeps,
  appId: string,
  request: unknown,
  id: string = newResourceId(),
): Promise<SavedJourney> {
  const parsed = parseJourney(request);
  return await save(deps, parsed, async (tx, now) => {
    const draft = await insertJourney(tx, { appId, id, document: parsed.document }, now);
    return draft ?? { repeated: await requireJourney(tx, appId, id) };
  });
}

/**
 * Replaces a draft as UpdateJourney takes it, and publishes it when its State is ACTIVE.
 * @throws RepointError NotFound; Conflict when the journey is not a draft any more; and as `createJourney`
 */
export async function updateJourney(
  deps: JourneyDeps,
  appId: string,
  journeyId: string,
  request: unknown,
): Promise<SavedJourney> {
  const parsed = parseJourney(request);
  return await save(deps, parsed, async (tx, now) => {
    const journey = await lockJourney(tx, appId, journeyId);
    if (journey.state !== 'DRAFT') throw notADraft(journey);
    return await replaceDraft(tx, journey, parsed.document, now);
  });
}

/** What a request came to: a draft, or the journey that the same request made before. */
type Stored = JourneyRow | { readonly repeated: JourneyRow };

async function save(
  deps: JourneyDeps,
  parsed: ParsedJourney,
  store: (tx: Tx, now: Date) => Promise<Stored>,
): Promise<SavedJourney> {
  const now = await deps.clock.now();
  const saved = await deps.db.transaction().execute(async (tx): Promise<Partial<Publishing> & SavedDraft> => {
    const stored = await store(tx, now);
    if ('repeated' in stored) return { journey: stored.repeated, warnings: [] };
    if (parsed.state === 'DRAFT') return { journey: stored, warnings: [] };
    return await publishDraft(tx, stored, deps.config, now);
  });
  const { journey, segment } = saved;
  const warnings = [...parsed.warnings, ...saved.warnings];
  if (segment === undefined || segment === null) return { journey, warnings, matching: undefined };
  const matching = await countMatching(deps.db, journey.app_id, segment, now);
  deps.log.info({ appId: journey.app_id, journeyId: journey.id, ...matching }, 'journey published');
  return { journey, warnings, matching };
}

type SavedDraft = Pick<Publishing, 'journey' | 'warnings'>;

function notADraft({ id, state }: JourneyRow): RepointError {
  return new RepointError(
    'Conflict',
    `journey ${id} is ${state}; only a DRAFT can be edited. Create a new journey from its document instead`,
  );
}
