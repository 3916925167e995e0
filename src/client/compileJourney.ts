import { parseJourney } from '../contract/journey/journey.ts';
import { type DecodedPayload, decodePayload } from '../contract/model/decodePayload.ts';
import { compile } from '../domain/journey/compile.ts';
import type { JourneyDocument } from '../domain/journey/document.ts';
import type { Plan } from '../domain/journey/plan.ts';
import type { SplitEvaluation } from '../domain/journey/verdict.ts';

/** A journey as it would run. */
export interface CompiledJourney {
  /** The document in Pinpoint's canonical form: what GetJourney would answer. */
  readonly document: JourneyDocument;
  /** The control flow that each participant's workflow carries: no content, under 1 KB for a handful of steps. */
  readonly plan: Plan;
  /** What was normalised in the document or is suspicious, each with its path. */
  readonly warnings: readonly string[];
}

/**
 * Compiles a journey without storing anything: a check for tests and builds of services that keep journeys in git.
 * Whether its segment and templates exist is asked only when it is published.
 * @param document Pinpoint's WriteJourneyRequest, the dialect of printed examples included; its State is ignored
 * @param options.timeScale divides durations; absent: 1
 * @param options.splitEvaluation at-end: splits without a time of their own get the original's; absent: event
 * @throws RepointError BadRequest with every problem, each with its path
 */
export function compileJourney(
  document: object,
  options: { readonly timeScale?: number; readonly splitEvaluation?: SplitEvaluation } = {},
): CompiledJourney {
  const { payload, warnings } = readJourneyObject(document);
  const parsed = parseJourney(payload);
  return {
    document: parsed.document,
    plan: compile(parsed.document, options.timeScale ?? 1, options.splitEvaluation),
    warnings: [...warnings, ...parsed.warnings],
  };
}

/** A journey to be published, read as the API reads its body. */
export function readJourneyObject(document: object): DecodedPayload {
  return decodePayload('CreateJourney', JSON.stringify({ ...document, State: 'ACTIVE' }));
}
