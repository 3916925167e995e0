import type { JourneyDocument, WaitTime } from './document.ts';
import type { JudgingStep } from './steps.ts';

/**
 * How long the original keeps a split open that names no EvaluationWaitTime: an hour where it asks about events of
 * messages, a quarter of one behind the custom channel alone, nothing where it asks about segments.
 */
export function builtInWait(step: JudgingStep, document: JourneyDocument): WaitTime | undefined {
  const messages = step.conditions.flatMap((condition) =>
    condition.kind === 'event' ? [condition.event.messageActivity] : [],
  );
  if (messages.length === 0) return undefined;
  const isCustom = (id: string | undefined) =>
    id !== undefined && document.Activities?.[id]?.CUSTOM !== undefined;
  return { WaitFor: messages.every(isCustom) ? 'PT15M' : 'PT1H' };
}
