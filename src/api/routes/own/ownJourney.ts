import { readJourney } from '../../../db/journeys.ts';
import type { Deps } from '../../../deps.ts';
import { notFound } from '../../../domain/errors.ts';

/** @throws RepointError NotFound for an unknown journey */
export async function requireJourney(deps: Deps, appId: string, journeyId: string): Promise<void> {
  const journey = await readJourney(deps.db, appId, journeyId);
  if (journey === undefined) throw notFound(`journey ${journeyId}`);
}
