import type { Config } from '../../config.ts';
import { requireApp } from '../../db/apps.ts';
import type { Tx } from '../../db/database.ts';
import { insertRun } from '../../db/journeys/journeyRuns.ts';
import { type JourneyRow, markPublished, type Publication } from '../../db/journeys/journeys.ts';
import { enqueue } from '../../db/outbox/outbox.ts';
import { lifeStart } from '../../db/outbox/workflowStarts.ts';
import { badRequest } from '../../domain/errors.ts';
import type { JourneyDocument } from '../../domain/journey/document.ts';
import { stepsOf } from '../../domain/journey/stepOf.ts';
import { isTemplatedStep, templateTypeOf } from '../../domain/journey/steps.ts';
import type { SegmentTree } from '../../domain/segment/tree.ts';
import { loadTemplate } from '../../sending/render.ts';
import { markPresent } from '../entering/markPresent.ts';
import { missingSegments } from './missingSegments.ts';
import { publishEntry } from './publishEntry.ts';
import { publishSchedule } from './publishSchedule.ts';
import { splitEvaluationOf } from './splitEvaluation.ts';

/** A draft that has just been published, and what its author should hear. */
export interface Publishing {
  readonly journey: JourneyRow;
  /** Its segment as it is now; null for a journey that any participant's event starts. */
  readonly segment: SegmentTree | null;
  readonly warnings: readonly string[];
}

/** The settings that a publication depends on. */
export type PublishSettings = Pick<
  Config,
  | 'REPOINT_TIME_SCALE'
  | 'REPOINT_DELIVERY'
  | 'REPOINT_SPLIT_EVALUATION'
  | 'REPOINT_ENTRY'
  | 'REPOINT_PUBLISH_DELAY_SECONDS'
>;

/**
 * Publishes a draft whose document was checked: settles who enters and when, fixes its schedule and time scale, makes its
 * first run and has its life started, all in the caller's transaction.
 * @throws RepointError BadRequest when its segment does not exist or its end has passed
 */
export async function publishDraft(
  tx: Tx,
  draft: JourneyRow,
  config: PublishSettings,
  now: Date,
): Promise<Publishing> {
  const { document } = draft;
  const schedule = publishSchedule(document, config, now);
  const entry = await publishEntry(tx, draft, config);
  const problems = [...schedule.problems, ...entry.problems];
  if (problems.length > 0) throw badRequest(problems);
  const { segment, segmentId, segmentVersion, entryMode, entryEventType } = entry;
  const publication: Publication = {
    segmentId,
    segmentVersion,
    entryMode,
    entryEventType,
    timeScale: await timeScaleOf(tx, draft.app_id, config),
    splitEvaluation: await splitEvaluationOf(tx, draft, config),
    startsAt: schedule.startsAt,
    endsAt: schedule.endsAt,
  };
  const journey = await markPublished(tx, draft, publication, now);
  const key = { appId: journey.app_id, journeyId: journey.id };
  const scheduled = { ...key, no: 0, pass: 0, segmentVersion: segment?.version ?? null, startedAt: null };
  const run = await insertRun(tx, scheduled, now);
  if (draft.skips_present && segment !== null && entryEventType === null) {
    const asked = { ...journey, segment_version: segment.version, run_id: run?.id ?? null };
    await markPresent(tx, asked, segment.tree, now);
  }
  await enqueue(tx, [lifeStart(journey, now)], now);
  const warnings = [
    ...schedule.warnings,
    ...entry.warnings,
    ...(await missingTemplates(tx, document)),
    ...(await missingSegments(tx, draft.app_id, document)),
    ...scaled(publication),
  ];
  return { journey, segment: segment?.tree ?? null, warnings };
}

/** Templates may be made after the journey; a step whose template is missing when it sends is skipped. */
async function missingTemplates(tx: Tx, document: JourneyDocument): Promise<string[]> {
  const warnings: string[] = [];
  for (const [id, step] of stepsOf(document)) {
    if (!isTemplatedStep(step)) continue;
    const { templateName, templateVersion } = step;
    const type = templateTypeOf[step.kind];
    if ((await loadTemplate(tx, type, templateName, templateVersion)) !== null) continue;
    const version = templateVersion === undefined ? '' : ` version ${templateVersion}`;
    warnings.push(
      `Activities.${id}.${type}.TemplateName: no template "${templateName}"${version} of type ${type}; the step is skipped until there is one`,
    );
  }
  return warnings;
}

/** The app's own time scale, else the setting; where real people are written to, time runs as it is. */
async function timeScaleOf(tx: Tx, appId: string, config: PublishSettings): Promise<number> {
  if (config.REPOINT_DELIVERY !== 'mailbox') return 1;
  return (await requireApp(tx, appId)).time_scale ?? config.REPOINT_TIME_SCALE;
}

function scaled({ timeScale }: Publication): string[] {
  return timeScale === 1 ? [] : [`time scale: this journey's durations are divided by ${timeScale}`];
}
