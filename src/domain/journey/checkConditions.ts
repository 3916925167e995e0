import { dateTests } from '../segment/document.ts';
import { parseMoment } from '../segment/moment.ts';
import type { Activity, EventConditionDocument, SimpleCondition } from './document.ts';
import { type Finding, finding } from './finding.ts';
import { type Activities, type Edge, reachableFrom } from './graph.ts';
import { kindsOf } from './steps.ts';

const always = finding('always');
const publish = finding('publish');
const warning = finding('warning');
const messageKinds: ReadonlySet<string> = new Set(['EMAIL', 'SMS', 'PUSH', 'CUSTOM']);

/** As many branches as Pinpoint lets a MultiCondition have. */
const MOST_BRANCHES = 4;

/** Events that are about a message: its provider's, or what a phone reports of a push. */
const aboutMessages = /^_(email|SMS|journey|campaign|custom)\./;

/** What is wrong with the conditions of the splits: none at all, nothing asked, a message that cannot have been sent. */
export function checkConditions(activities: Activities, edges: readonly Edge[]): Finding[] {
  return Object.entries(activities).flatMap(([id, activity]) => [
    ...checkSplit(id, activity),
    ...checkBranches(id, activity),
    ...placedConditions(id, activity).flatMap(({ path, condition }) =>
      checkCondition(path, condition, { split: id, activities, edges }),
    ),
  ]);
}

interface Placed {
  readonly path: string;
  readonly condition: SimpleCondition;
}

function placedConditions(id: string, { ConditionalSplit, MultiCondition }: Activity): Placed[] {
  const conditions = (ConditionalSplit?.Condition?.Conditions ?? []).map((condition, i) => ({
    path: `Activities.${id}.ConditionalSplit.Condition.Conditions[${i}]`,
    condition,
  }));
  const branches = (MultiCondition?.Branches ?? []).map(({ Condition = {} }, i) => ({
    path: `Activities.${id}.MultiCondition.Branches[${i}].Condition`,
    condition: Condition,
  }));
  return [...conditions, ...branches];
}

function checkSplit(id: string, { ConditionalSplit: split }: Activity): Finding[] {
  if (split === undefined || (split.Condition?.Conditions ?? []).length > 0) return [];
  const path = `Activities.${id}.ConditionalSplit.Condition.Conditions`;
  return [publish(path, 'empty; a split needs at least one condition')];
}

function checkBranches(id: string, { MultiCondition: split }: Activity): Finding[] {
  if (split === undefined) return [];
  const path = `Activities.${id}.MultiCondition.Branches`;
  const count = split.Branches?.length ?? 0;
  if (count === 0) return [publish(path, 'empty; a split needs at least one branch with a condition')];
  if (count <= MOST_BRANCHES) return [];
  return [
    always(path, `${count} branches; a MultiCondition has at most ${MOST_BRANCHES}, and DefaultActivity`),
  ];
}

/** Where a condition stands in the journey. */
interface Place {
  readonly split: string;
  readonly activities: Activities;
  readonly edges: readonly Edge[];
}

function checkCondition(path: string, condition: SimpleCondition, place: Place): Finding[] {
  const given = ['EventCondition', 'SegmentCondition', 'SegmentDimensions'] as const;
  const kinds = given.filter((kind) => condition[kind] !== undefined);
  if (kinds.length !== 1) {
    const found = kinds.length === 0 ? 'has no condition' : `has ${kinds.join(' and ')}`;
    const message = `${found}; write one of EventCondition, SegmentCondition, segmentDimensions`;
    return [always(path, message)];
  }
  const { EventCondition: event, SegmentCondition: segment } = condition;
  if (event !== undefined) return checkEvent(`${path}.EventCondition`, event, place);
  if (segment === undefined || (segment.SegmentId ?? '') !== '') return [];
  return [publish(`${path}.SegmentCondition.SegmentId`, 'missing; name the segment to ask about')];
}

function checkEvent(path: string, condition: EventConditionDocument, place: Place): Finding[] {
  const { Dimensions: dimensions = {}, MessageActivity: message } = condition;
  const types = dimensions.EventType?.Values ?? [];
  const asked = Object.keys({ ...dimensions.Attributes, ...dimensions.Metrics });
  if (!types.some((type) => type !== '') && asked.length === 0) {
    const noEvent = 'empty; name the event, such as _email.open, or what its attributes or metrics must be';
    return [
      publish(`${path}.Dimensions.EventType.Values`, noEvent),
      ...checkMessage(`${path}.MessageActivity`, message, place),
    ];
  }
  return [
    ...checkMessage(`${path}.MessageActivity`, message, place),
    ...checkTypes(path, condition),
    ...checkDates(`${path}.Dimensions.Attributes`, condition),
  ];
}

/** An event of the app's own is about no message, so it never fulfils a condition that names one. */
function checkTypes(
  path: string,
  { Dimensions, MessageActivity: message }: EventConditionDocument,
): Finding[] {
  const { Values: types = [], DimensionType: test = 'INCLUSIVE' } = Dimensions?.EventType ?? {};
  if (message === undefined || message === '' || test === 'EXCLUSIVE') return [];
  return types.flatMap((type, i) =>
    aboutMessages.test(type)
      ? []
      : [
          warning(
            `${path}.Dimensions.EventType.Values[${i}]`,
            `"${type}" is no event of a message, so none is about "${message}"; leave out MessageActivity to ask about any`,
          ),
        ],
  );
}

/** The dates that attributes are compared with. */
function checkDates(path: string, { Dimensions }: EventConditionDocument): Finding[] {
  return Object.entries(Dimensions?.Attributes ?? {}).flatMap(([name, { AttributeType, Values = [] }]) => {
    if (!dateTests.some((test) => test === AttributeType)) return [];
    const problems = Values.flatMap((value, i) => {
      const moment = parseMoment(value);
      return 'problem' in moment ? [always(`${path}.${name}.Values[${i}]`, moment.problem)] : [];
    });
    if (AttributeType !== 'BETWEEN' || Values.length === 2) return problems;
    const message = `BETWEEN takes two values, its first and its last; given ${Values.length}`;
    return [...problems, always(`${path}.${name}.Values`, message)];
  });
}

function checkMessage(path: string, message: string | undefined, place: Place): Finding[] {
  const { split, activities, edges } = place;
  if (message === undefined || message === '') return [];
  const activity = Object.hasOwn(activities, message) ? activities[message] : undefined;
  if (activity === undefined) return [publish(path, `no step "${message}"; name an earlier message step`)];
  if (!kindsOf(activity).some((kind) => messageKinds.has(kind))) {
    return [publish(path, `"${message}" sends no message; name an earlier EMAIL, SMS, PUSH or CUSTOM step`)];
  }
  if (reachableFrom(message, edges).has(split)) return [];
  return [publish(path, `"${message}" does not come before "${split}"; name an earlier message step`)];
}
