import type { Config } from '../../config.ts';
import { requireApp } from '../../db/apps.ts';
import type { Queryable } from '../../db/database.ts';
import type { JourneyRow } from '../../db/journeys/journeys.ts';
import type { SplitEvaluation } from '../../domain/journey/verdict.ts';

/** When a draft's splits will be judged once it is published: as it says itself, else its app, else the setting. */
export async function splitEvaluationOf(
  db: Queryable,
  draft: Pick<JourneyRow, 'app_id' | 'split_evaluation'>,
  config: Pick<Config, 'REPOINT_SPLIT_EVALUATION'>,
): Promise<SplitEvaluation> {
  const own = draft.split_evaluation ?? (await requireApp(db, draft.app_id)).split_evaluation;
  return own ?? config.REPOINT_SPLIT_EVALUATION;
}
