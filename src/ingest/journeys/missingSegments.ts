import type { Tx } from '../../db/database.ts';
import { loadSegmentTree } from '../../db/segments/segments.ts';
import type { JourneyDocument } from '../../domain/journey/document.ts';
import { stepsOf } from '../../domain/journey/stepOf.ts';
import { isJudgingStep } from '../../domain/journey/steps.ts';

/** Warnings about the segments that splits ask about: one that is not there when a split is judged counts as no. */
export async function missingSegments(tx: Tx, appId: string, document: JourneyDocument): Promise<string[]> {
  const warnings: string[] = [];
  for (const [id, step] of stepsOf(document)) {
    for (const condition of isJudgingStep(step) ? step.conditions : []) {
      if (condition.kind !== 'segment') continue;
      const segment = await loadSegmentTree(tx, appId, condition.segmentId);
      if (segment !== null && segment.fault === null) continue;
      const fault = segment?.fault ?? `there is no segment "${condition.segmentId}" in this application`;
      warnings.push(`Activities.${id}: ${fault}; the condition does not hold while that is so`);
    }
  }
  return warnings;
}
