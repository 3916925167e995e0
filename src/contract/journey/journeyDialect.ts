import { parseDuration } from '../../domain/duration.ts';
import { parseInstant } from '../../domain/instant.ts';
import type {
  Activity,
  ConditionalSplitActivity,
  MultiConditionActivity,
  SimpleCondition,
  WaitActivity,
  WaitTime,
} from '../../domain/journey/document.ts';
import { activityKinds } from '../../domain/journey/document.ts';
import type { DialectActivity } from './journeySchema.ts';

/** Says what was normalised. */
export type Warn = (path: string, message: string) => void;

/** The events of Pinpoint's own channels, which printed examples write without their underscore. */
const channelEvent =
  /^(?:email\.(?:send|delivered|rejected|hardbounce|softbounce|complaint|open|click|unsubscribe|rendering_failure)|SMS\.(?:BUFFERED|SUCCESS|FAILURE|OPTOUT)|(?:journey|campaign)\.(?:send|opened_notification|received_foreground|received_background))$/;

/** Brings one activity into Pinpoint's form: its target inside its kind, ISO durations, exact event names, an operator. */
export function normalizeActivity(path: string, given: DialectActivity, warn: Warn): Activity {
  const { Wait, ConditionalSplit, MultiCondition, ...activity } = hoistNext(path, given, warn);
  return {
    ...activity,
    ...(Wait && { Wait: normalizeWait(`${path}.Wait`, Wait, warn) }),
    ...(ConditionalSplit && {
      ConditionalSplit: normalizeSplit(`${path}.ConditionalSplit`, ConditionalSplit, warn),
    }),
    ...(MultiCondition && { MultiCondition: normalizeMulti(`${path}.MultiCondition`, MultiCondition, warn) }),
  };
}

/** A duration in ISO 8601. One that cannot be read stays as it is, for the checks to refuse. */
export function normalizeDuration(path: string, text: string, warn: Warn): string {
  const duration = parseDuration(text);
  if ('problem' in duration || duration.iso === text) return text;
  warn(path, `"${text}" read as ${duration.iso}`);
  return duration.iso;
}

function hoistNext(path: string, given: DialectActivity, warn: Warn): Activity {
  const { NextActivity: next, ...activity } = given;
  if (next === undefined) return activity;
  const [kind, ...more] = activityKinds.filter((name) => activity[name] !== undefined);
  const inside = kind === undefined || more.length > 0 ? undefined : activity[kind];
  if (kind === undefined || inside === undefined || !takesNext(kind)) {
    warn(`${path}.NextActivity`, 'no kind of step beside it that goes to one next step; ignored');
    return activity;
  }
  if ('NextActivity' in inside && inside.NextActivity !== undefined) {
    warn(`${path}.NextActivity`, `ignored; ${kind} has its own, "${inside.NextActivity}"`);
    return activity;
  }
  warn(`${path}.NextActivity`, `moved into ${kind}, where it belongs`);
  return { ...activity, [kind]: { ...inside, NextActivity: next } };
}

function takesNext(kind: (typeof activityKinds)[number]): boolean {
  return kind !== 'ConditionalSplit' && kind !== 'MultiCondition' && kind !== 'RandomSplit';
}

function normalizeWait(path: string, wait: WaitActivity, warn: Warn): WaitActivity {
  if (wait.WaitTime === undefined) return wait;
  return { ...wait, WaitTime: normalizeTime(`${path}.WaitTime`, wait.WaitTime, warn) };
}

function normalizeSplit(path: string, split: ConditionalSplitActivity, warn: Warn): ConditionalSplitActivity {
  const { Condition: condition } = split;
  const normalized = normalizeEvaluation(path, split, warn);
  if (condition?.Conditions === undefined) return normalized;
  if (condition.Operator === undefined) warn(`${path}.Condition.Operator`, 'missing; read as ALL');
  const conditions = condition.Conditions.map((each, i) =>
    normalizeCondition(`${path}.Condition.Conditions[${i}]`, each, warn),
  );
  return { ...normalized, Condition: { Operator: condition.Operator ?? 'ALL', Conditions: conditions } };
}

function normalizeMulti(path: string, split: MultiConditionActivity, warn: Warn): MultiConditionActivity {
  const { Branches: branches, ...rest } = split;
  const normalizeBranch = (branch: NonNullable<typeof branches>[number], i: number) => ({
    ...branch,
    ...(branch.Condition && {
      Condition: normalizeCondition(`${path}.Branches[${i}].Condition`, branch.Condition, warn),
    }),
  });
  return {
    ...normalizeEvaluation(path, rest, warn),
    ...(branches && { Branches: branches.map(normalizeBranch) }),
  };
}

function normalizeEvaluation<T extends { readonly EvaluationWaitTime?: WaitTime }>(
  path: string,
  split: T,
  warn: Warn,
): T {
  const time = split.EvaluationWaitTime;
  if (time === undefined) return split;
  return { ...split, EvaluationWaitTime: normalizeTime(`${path}.EvaluationWaitTime`, time, warn) };
}

function normalizeTime(path: string, { WaitFor, WaitUntil }: WaitTime, warn: Warn): WaitTime {
  return {
    ...(WaitFor !== undefined && { WaitFor: normalizeDuration(`${path}.WaitFor`, WaitFor, warn) }),
    ...(WaitUntil !== undefined && { WaitUntil: normalizeInstant(`${path}.WaitUntil`, WaitUntil, warn) }),
  };
}

/** A time in UTC. One that cannot be read stays as it is, for the checks to refuse. */
function normalizeInstant(path: string, text: string, warn: Warn): string {
  const instant = parseInstant(text);
  if ('problem' in instant) return text;
  if (!instant.offsetGiven) warn(path, `"${text}" names no time zone; read as UTC, ${instant.iso}`);
  return instant.iso;
}

function normalizeCondition(path: string, condition: SimpleCondition, warn: Warn): SimpleCondition {
  const { EventCondition: event } = condition;
  const type = event?.Dimensions?.EventType;
  if (event === undefined || type?.Values === undefined) return condition;
  const values = type.Values.map((value, i) => {
    if (!channelEvent.test(value)) return value;
    warn(`${path}.EventCondition.Dimensions.EventType.Values[${i}]`, `"${value}" read as "_${value}"`);
    return `_${value}`;
  });
  const dimensions = { ...event.Dimensions, EventType: { ...type, Values: values } };
  return { ...condition, EventCondition: { ...event, Dimensions: dimensions } };
}
