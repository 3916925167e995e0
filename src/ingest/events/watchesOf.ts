import type { Watch } from '../../db/journeys/watches.ts';
import type { JourneyDocument } from '../../domain/journey/document.ts';
import { stepsOf } from '../../domain/journey/stepOf.ts';
import { isJudgingStep } from '../../domain/journey/steps.ts';
import { type SplitEvaluation, settlesEarly } from '../../domain/journey/verdict.ts';

/** What the watches of a journey depend on. */
export interface WatchedJourney {
  readonly document: JourneyDocument;
  /** Null: the journey was not published yet. */
  readonly split_evaluation: SplitEvaluation | null;
}

/** The conditions on events of one message step's message, or with null on any of the participant's events. */
export function watchesOf(journey: WatchedJourney, messageStep: string | null): Watch[] {
  const evaluation = journey.split_evaluation ?? 'event';
  return [...stepsOf(journey.document)].flatMap(([id, step]) => {
    if (!isJudgingStep(step)) return [];
    return step.conditions.flatMap((condition, index): Watch[] => {
      if (condition.kind !== 'event') return [];
      const { event } = condition;
      if ((event.messageActivity ?? null) !== messageStep) return [];
      const eventTypes = event.dimensionType === 'INCLUSIVE' ? event.eventTypes : [];
      return [
        { step: id, condition: index, eventTypes, messageStep, wakes: settlesEarly(step, index, evaluation) },
      ];
    });
  });
}
