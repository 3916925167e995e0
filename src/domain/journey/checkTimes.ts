import { channels } from '../channel.ts';
import { type Weekday, weekdays } from '../windows/localTime.ts';
import { readClosedTime, readOpenRange, readQuietTime, type Unreadable } from '../windows/readTimes.ts';
import type { ClosedDaysRule, JourneyDocument, OpenHoursRule, QuietTimeDocument } from './document.ts';
import { type Finding, finding } from './finding.ts';

const always = finding('always');
const warning = finding('warning');

/** Pinpoint's quotas. */
const MOST_RANGES = 4;
const MOST_CLOSED_DAYS = 20;
const estimationMethods = ['PHONE_NUMBER', 'POSTAL_CODE'];

/** What is wrong with the times at which a journey may send, and with how it estimates a time zone. */
export function checkTimes(document: JourneyDocument): Finding[] {
  return [
    ...checkQuietTime('QuietTime', document.QuietTime),
    ...checkOpenHours(document.OpenHours),
    ...checkClosedDays(document.ClosedDays),
    ...checkMethods(document.TimezoneEstimationMethods),
    ...checkEffect(document),
  ];
}

/** What is wrong with a quiet time, wherever it stands; an empty one is none. */
export function checkQuietTime(path: string, quiet: QuietTimeDocument | undefined): Finding[] {
  if (quiet === undefined || (quiet.Start === undefined && quiet.End === undefined)) return [];
  return problemsOf(path, readQuietTime(quiet));
}

function checkOpenHours(hours: JourneyDocument['OpenHours'] = {}): Finding[] {
  return channels.flatMap((channel) => {
    const week = hours[channel] ?? {};
    const path = `OpenHours.${channel}`;
    const isNeverOpen = Object.keys(week).length > 0 && weekdays.every((day) => !week[day]?.length);
    return [
      ...(isNeverOpen ? [warning(path, 'never open; every message of this channel is dropped')] : []),
      ...weekdays.flatMap((day) => checkDay(`${path}.${day}`, day, week[day] ?? [])),
    ];
  });
}

function checkDay(path: string, day: Weekday, rules: readonly OpenHoursRule[]): Finding[] {
  const many = `${rules.length} ranges on ${day}; at most ${MOST_RANGES}`;
  return [
    ...(rules.length > MOST_RANGES ? [always(path, many)] : []),
    ...rules.flatMap((rule, i) => problemsOf(`${path}[${i}]`, readOpenRange(rule))),
  ];
}

function checkClosedDays(days: JourneyDocument['ClosedDays'] = {}): Finding[] {
  return channels.flatMap((channel) => {
    const rules: readonly ClosedDaysRule[] = days[channel] ?? [];
    const path = `ClosedDays.${channel}`;
    const many = `${rules.length} closed days; at most ${MOST_CLOSED_DAYS}`;
    return [
      ...(rules.length > MOST_CLOSED_DAYS ? [always(path, many)] : []),
      ...rules.flatMap((rule, i) => problemsOf(`${path}[${i}]`, readClosedTime(rule))),
    ];
  });
}

function problemsOf(path: string, read: object | Unreadable): Finding[] {
  if (!('problems' in read)) return [];
  return read.problems.map(({ member, problem }) => always(`${path}.${member}`, problem));
}

function checkMethods(methods: readonly string[] = []): Finding[] {
  return methods.flatMap((method, i) =>
    estimationMethods.includes(method)
      ? []
      : [always(`TimezoneEstimationMethods[${i}]`, `"${method}"; one of ${estimationMethods.join(', ')}`)],
  );
}

/** Members that say something and change nothing. */
function checkEffect(document: JourneyDocument): Finding[] {
  const { OpenHours, ClosedDays, SendingSchedule } = document;
  const ignored = 'ignored; it counts when SendingSchedule is true';
  if (SendingSchedule === true) {
    const restricts = OpenHours !== undefined || ClosedDays !== undefined;
    return restricts ? [] : [warning('SendingSchedule', 'restricts nothing without OpenHours or ClosedDays')];
  }
  return [
    ...(OpenHours === undefined ? [] : [warning('OpenHours', ignored)]),
    ...(ClosedDays === undefined ? [] : [warning('ClosedDays', ignored)]),
  ];
}
