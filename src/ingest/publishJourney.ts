import type { Config } from '../config.ts';
import { findApp } from '../db/apps.ts';
import type { Tx } from '../db/database.ts';
import { type JourneyRow, markPublished, type Publication } from '../db/journeys.ts';
import { enqueue } from '../db/outbox.ts';
import { loadSegmentTree } from '../db/segments.ts';
import { badRequest, type Problem } from '../domain/errors.ts';
import type { JourneyDocument } from '../domain/journey/document.ts';
import { isMessageStep, type MessageStep, stepsOf } from '../domain/journey/steps.ts';
import type { SegmentTree } from '../domain/segment/tree.ts';
import { loadTemplate } from '../sending/compose.ts';
import { splitEvaluationOf } from './splitEvaluation.ts';

/** A draft that has just been published, and what its author should hear. */
export interface Publishing {
  readonly journey: JourneyRow;
  /** The pinned version of its segment. */
  readonly segment: SegmentTree;
  readonly warnings: readonly string[];
}

/** What a journey's times depend on. */
export type TimeSettings = Pick<
  Config,
  'REPOINT_TIME_SCALE' | 'REPOINT_DELIVERY' | 'REPOINT_SPLIT_EVALUATION'
>;

/** The id of the workflow that owns a journey's start, passes and end. */
export function journeyLifeId(journeyId: string): string {
  return `journey-life/${journeyId}`;
}

/**
 * Publishes a draft whose document was checked: pins its segment, fixes its schedule and time scale, and has its life
 * started, all in the caller's transaction.
 * @throws RepointError BadRequest when its segment does not exist or its end has passed
 */
export async function publishDraft(
  tx: Tx,
  draft: JourneyRow,
  config: TimeSettings,
  now: Date,
): Promise<Publishing> {
  const { document } = draft;
  const schedule = checkSchedule(document, now);
  const segmentId = document.StartCondition?.SegmentStartCondition?.SegmentId ?? '';
  const segment = await loadSegmentTree(tx, draft.app_id, segmentId);
  const problems = [...schedule.problems, ...(segment === null ? [noSegment(segmentId)] : [])];
  if (segment === null || problems.length > 0) throw badRequest(problems);
  const publication: Publication = {
    segmentId,
    segmentVersion: segment.version,
    timeScale: await timeScaleOf(tx, draft.app_id, config),
    splitEvaluation: await splitEvaluationOf(tx, draft, config),
    startsAt: schedule.startsAt,
    endsAt: schedule.endsAt,
  };
  const journey = await markPublished(tx, draft, publication, now);
  await startLife(tx, journey, now);
  const warnings = [
    ...schedule.warnings,
    ...(segment.fault === null ? [] : [`${segmentPath}: matches nobody: ${segment.fault}`]),
    ...(await missingTemplates(tx, document)),
    ...scaled(publication),
  ];
  return { journey, segment: segment.tree, warnings };
}

const segmentPath = 'StartCondition.SegmentStartCondition.SegmentId';

function noSegment(segmentId: string): Problem {
  return { path: segmentPath, message: `no segment "${segmentId}" in this application` };
}

function checkSchedule({ Schedule: schedule }: JourneyDocument, now: Date) {
  const startsAt = schedule?.StartTime === undefined ? null : new Date(schedule.StartTime);
  const endsAt = schedule?.EndTime === undefined ? null : new Date(schedule.EndTime);
  const isOver = endsAt !== null && endsAt <= now;
  const isLate = startsAt !== null && startsAt < now;
  return {
    startsAt,
    endsAt,
    problems: isOver ? [{ path: 'Schedule.EndTime', message: `${schedule?.EndTime} has passed` }] : [],
    warnings: isLate ? [`Schedule.StartTime: ${schedule?.StartTime} has passed; the journey starts now`] : [],
  };
}

async function startLife(tx: Tx, journey: JourneyRow, now: Date): Promise<void> {
  const ids = { appId: journey.app_id, journeyId: journey.id };
  await enqueue(
    tx,
    [
      {
        kind: 'start',
        appId: journey.app_id,
        workflowId: journeyLifeId(journey.id),
        workflowType: 'journeyLife',
        input: ids,
        notBefore: now,
        summary: `Journey ${journey.name}`,
      },
    ],
    now,
  );
}

const templateTypes = { email: 'EMAIL', sms: 'SMS', push: 'PUSH' } as const satisfies Record<
  MessageStep['kind'],
  string
>;

/** Templates may be made after the journey; a step whose template is missing when it sends is skipped. */
async function missingTemplates(tx: Tx, document: JourneyDocument): Promise<string[]> {
  const warnings: string[] = [];
  for (const [id, step] of stepsOf(document)) {
    if (!isMessageStep(step)) continue;
    const { templateName, templateVersion } = step;
    const type = templateTypes[step.kind];
    if ((await loadTemplate(tx, type, templateName, templateVersion)) !== null) continue;
    const version = templateVersion === undefined ? '' : ` version ${templateVersion}`;
    warnings.push(
      `Activities.${id}.${type}.TemplateName: no template "${templateName}"${version} of type ${type}; the step is skipped until there is one`,
    );
  }
  return warnings;
}

/** The app's own time scale, else the setting; where real people are written to, time runs as it is. */
async function timeScaleOf(tx: Tx, appId: string, config: TimeSettings): Promise<number> {
  if (config.REPOINT_DELIVERY !== 'mailbox') return 1;
  return (await findApp(tx, appId))?.time_scale ?? config.REPOINT_TIME_SCALE;
}

function scaled({ timeScale }: Publication): string[] {
  return timeScale === 1 ? [] : [`time scale: this journey's durations are divided by ${timeScale}`];
}
