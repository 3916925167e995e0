import type { ConditionalSplitActivity, EventConditionDocument, SimpleCondition } from './document.ts';
import { type Finding, finding } from './finding.ts';
import { type Activities, type Edge, reachableFrom } from './graph.ts';
import { kindsOf } from './steps.ts';

const always = finding('always');
const publish = finding('publish');
const messageKinds: ReadonlySet<string> = new Set(['EMAIL', 'SMS', 'PUSH', 'CUSTOM']);

/** What is wrong with the conditions of the yes/no splits: none at all, no event, a message that cannot have been sent. */
export function checkConditions(activities: Activities, edges: readonly Edge[]): Finding[] {
  return Object.entries(activities).flatMap(([id, { ConditionalSplit: split }]) =>
    split === undefined ? [] : checkSplit(id, split, activities, edges),
  );
}

function checkSplit(
  id: string,
  split: ConditionalSplitActivity,
  activities: Activities,
  edges: readonly Edge[],
): Finding[] {
  const path = `Activities.${id}.ConditionalSplit.Condition.Conditions`;
  const conditions = split.Condition?.Conditions ?? [];
  if (conditions.length === 0) return [publish(path, 'empty; a split needs at least one condition')];
  return conditions.flatMap((condition, i) => {
    const problem = checkOneKind(`${path}[${i}]`, condition);
    if (problem !== undefined) return [problem];
    if (condition.EventCondition === undefined) return [];
    return checkEvent(`${path}[${i}].EventCondition`, id, condition.EventCondition, activities, edges);
  });
}

function checkOneKind(path: string, condition: SimpleCondition): Finding | undefined {
  const given = ['EventCondition', 'SegmentCondition', 'SegmentDimensions'] as const;
  const kinds = given.filter((kind) => condition[kind] !== undefined);
  if (kinds.length === 1) return undefined;
  const found = kinds.length === 0 ? 'has no condition' : `has ${kinds.join(' and ')}`;
  return always(path, `${found}; write one of EventCondition, SegmentCondition, segmentDimensions`);
}

function checkEvent(
  path: string,
  split: string,
  { Dimensions: dimensions, MessageActivity: message }: EventConditionDocument,
  activities: Activities,
  edges: readonly Edge[],
): Finding[] {
  const types = dimensions?.EventType?.Values ?? [];
  const noEvent = publish(
    `${path}.Dimensions.EventType.Values`,
    'empty; name the event, such as _email.open',
  );
  return [
    ...(types.some((type) => type !== '') ? [] : [noEvent]),
    ...checkMessage(`${path}.MessageActivity`, split, message, activities, edges),
  ];
}

function checkMessage(
  path: string,
  split: string,
  message: string | undefined,
  activities: Activities,
  edges: readonly Edge[],
): Finding[] {
  if (message === undefined || message === '') return [];
  const activity = Object.hasOwn(activities, message) ? activities[message] : undefined;
  if (activity === undefined) return [publish(path, `no step "${message}"; name an earlier message step`)];
  if (!kindsOf(activity).some((kind) => messageKinds.has(kind))) {
    return [publish(path, `"${message}" sends no message; name an earlier EMAIL, SMS or PUSH step`)];
  }
  if (reachableFrom(message, edges).has(split)) return [];
  return [publish(path, `"${message}" does not come before "${split}"; name an earlier message step`)];
}
