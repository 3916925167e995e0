import { type SqlBool, sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import { segmentPredicate } from '../../db/segments/segmentSql.ts';
import { loadSegmentTree } from '../../db/segments/segments.ts';
import type { Condition, EventCondition, JudgingStep } from '../../domain/journey/steps.ts';
import { type Moment, type Truth, truthOf } from '../../domain/journey/verdict.ts';
import { dimensionsTree, type SegmentTree } from '../../domain/segment/tree.ts';
import type { Gate } from './gate.ts';
import { type HeardEvent, heardEvent } from './heardEvent.ts';
import { ofParticipant } from './recipients.ts';

/** What a condition comes to now, and why. */
export interface Judged {
  readonly truth: Truth;
  readonly why: string;
}

/** When a split is judged: what arrived until `arrivedBy` counts, and who is in a segment at `now`. */
export interface JudgingTime extends Moment {
  readonly arrivedBy: Date;
  readonly now: Date;
}

/** Asks the conditions of a split, in their order. What cannot be final yet is not asked. */
export async function judgeConditions(
  tx: Tx,
  gate: Gate,
  step: JudgingStep,
  time: JudgingTime,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const condition of step.conditions) {
    const mayHold = truthOf(condition.kind, true, time) === 'yes';
    const { holds, why } = mayHold ? await ask(tx, gate, condition, time) : notYet;
    judged.push({ truth: truthOf(condition.kind, holds, time), why });
  }
  return judged;
}

interface Answer {
  readonly holds: boolean;
  readonly why: string;
}

const notYet: Answer = { holds: false, why: 'not judged yet' };

async function ask(tx: Tx, gate: Gate, condition: Condition, time: JudgingTime): Promise<Answer> {
  switch (condition.kind) {
    case 'event': {
      const heard = await heardEvent(tx, gate.entry, condition.event, time.arrivedBy);
      return { holds: heard !== null, why: describeEvent(condition.event, heard) };
    }
    case 'segment':
      return await askSegment(tx, gate, condition.segmentId, time.now);
    case 'dimensions': {
      const holds = await isIn(tx, gate, dimensionsTree(condition.dimensions), time.now);
      return { holds, why: `${holds ? 'fits' : 'does not fit'} the segment dimensions` };
    }
  }
}

/** A segment that is gone is a condition that does not hold: nobody is lost for it, and the record says why. */
async function askSegment(tx: Tx, gate: Gate, segmentId: string, now: Date): Promise<Answer> {
  const segment = await loadSegmentTree(tx, gate.entry.app_id, segmentId);
  if (segment === null) return { holds: false, why: `SEGMENT_MISSING: no segment ${segmentId}` };
  if (segment.fault !== null)
    return { holds: false, why: `SEGMENT_MISSING: segment ${segmentId}: ${segment.fault}` };
  const holds = await isIn(tx, gate, segment.tree, now);
  return { holds, why: `${holds ? 'in' : 'not in'} segment ${segmentId} version ${segment.version}` };
}

/** Whether any endpoint of the participant matches, as it is now. */
async function isIn(tx: Tx, gate: Gate, tree: SegmentTree, now: Date): Promise<boolean> {
  const matches = ofParticipant(tx, gate.entry)
    .select('endpoint.id')
    .where(segmentPredicate(tree, { appId: gate.entry.app_id, now }));
  const { rows } = await sql<{ holds: SqlBool }>`select exists (${matches}) as holds`.execute(tx);
  return rows[0]?.holds === true;
}

function describeEvent(condition: EventCondition, event: HeardEvent | null): string {
  const of = condition.messageActivity ? ` of ${condition.messageActivity}` : '';
  if (event) return `${event.type}${of} arrived ${event.receivedAt.toISOString()}`;
  return `no event ${describeTypes(condition)}${of}`;
}

function describeTypes({ eventTypes, dimensionType, attributes, metrics }: EventCondition): string {
  const types = eventTypes.join(' or ');
  const wanted = dimensionType === 'INCLUSIVE' ? types : types === '' ? 'of any type' : `other than ${types}`;
  const asked = [...Object.keys(attributes), ...Object.keys(metrics)];
  return asked.length === 0 ? wanted : `${wanted} with the ${asked.join(', ')} asked for`;
}
