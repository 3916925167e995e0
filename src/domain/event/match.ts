import type { EventCondition } from '../journey/steps.ts';
import { dateWindows } from '../segment/dateWindows.ts';
import { dateTests } from '../segment/document.ts';
import { momentOf, parseMoment } from '../segment/moment.ts';

/** What a condition can see of an event. */
export interface ConditionEvent {
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Whether an event is of the type a condition asks for, with the attributes and metrics it asks for.
 * @param at when it arrived: relative dates count from then
 */
export function matchesCondition(condition: EventCondition, event: ConditionEvent, at: Date): boolean {
  const listed = condition.eventTypes.includes(event.type);
  if (listed !== (condition.dimensionType === 'INCLUSIVE')) return false;
  return (
    Object.entries(condition.attributes).every(([name, wanted]) =>
      matchesAttribute(wanted, event.attributes[name], at),
    ) &&
    Object.entries(condition.metrics).every(([name, wanted]) => matchesMetric(wanted, event.metrics[name]))
  );
}

type AttributeTest = (value: string | undefined, wanted: readonly string[]) => boolean;

const attributeTests: Readonly<Record<string, AttributeTest>> = {
  INCLUSIVE: (value, wanted) => value !== undefined && wanted.includes(value),
  EXCLUSIVE: (value, wanted) => value === undefined || !wanted.includes(value),
  CONTAINS: (value, wanted) => value !== undefined && wanted.some((part) => value.includes(part)),
};

function matchesAttribute(
  wanted: { type: string; values: readonly string[] },
  value: string | undefined,
  at: Date,
): boolean {
  const test = dateTests.find((one) => one === wanted.type);
  if (test !== undefined) return matchesDate(test, wanted.values, value, at);
  return attributeTests[wanted.type]?.(value, wanted.values) ?? false;
}

/** As in a segment: text that is no date is simply no match. */
function matchesDate(
  test: (typeof dateTests)[number],
  wanted: readonly string[],
  value: string | undefined,
  at: Date,
): boolean {
  const moment = value === undefined ? undefined : parseMoment(value);
  if (moment === undefined || 'problem' in moment || moment.kind !== 'fixed') return false;
  const given = moment.epochMilliseconds;
  return dateWindows({ test, moments: wanted.map(momentOf) }, at).some(
    ({ from, until }) =>
      (from === null || from.getTime() <= given) && (until === null || given < until.getTime()),
  );
}

const comparisons: Readonly<Record<string, (value: number, wanted: number) => boolean>> = {
  EQUAL: (value, wanted) => value === wanted,
  GREATER_THAN: (value, wanted) => value > wanted,
  GREATER_THAN_OR_EQUAL: (value, wanted) => value >= wanted,
  LESS_THAN: (value, wanted) => value < wanted,
  LESS_THAN_OR_EQUAL: (value, wanted) => value <= wanted,
};

function matchesMetric(wanted: { comparison: string; value: number }, value: number | undefined): boolean {
  return value !== undefined && (comparisons[wanted.comparison]?.(value, wanted.value) ?? false);
}
