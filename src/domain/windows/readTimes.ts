import { DAY_MINUTES, parseLocalDateTime, parseTimeOfDay } from './localTime.ts';
import type { ClosedTime, OpenRange, QuietTime } from './sendingTimes.ts';

/** What is wrong with the members of a rule. */
export interface Unreadable {
  readonly problems: readonly { readonly member: string; readonly problem: string }[];
}

type Read = { readonly minutes: number } | { readonly problem: string };

/** Reads `{Start, End}`; both are needed. */
export function readQuietTime(rule: {
  readonly Start?: string;
  readonly End?: string;
}): QuietTime | Unreadable {
  const [start, end] = [timeOfDay(rule.Start), timeOfDay(rule.End)];
  return bothOf(['Start', start], ['End', end]) ?? { start: minutesOf(start), end: minutesOf(end) };
}

/** A quiet time that was checked; null for none. */
export function quietTimeOf(
  rule: { readonly Start?: string; readonly End?: string } | undefined,
): QuietTime | null {
  return rule?.Start === undefined ? null : checked(readQuietTime(rule));
}

/** What was read of a rule that was checked. @throws RangeError where it was not */
export function checked<T extends object>(read: T): Exclude<T, { readonly problems: unknown }> {
  if ('problems' in read) throw new RangeError('a time that was not checked');
  return read as Exclude<T, { readonly problems: unknown }>;
}

/** Reads `{StartTime, EndTime}`; an EndTime of 00:00 is the end of the day, as 24:00 is. */
export function readOpenRange(rule: {
  readonly StartTime?: string;
  readonly EndTime?: string;
}): OpenRange | Unreadable {
  const [start, end] = [timeOfDay(rule.StartTime), timeOfDay(rule.EndTime, true)];
  const unreadable = bothOf(['StartTime', start], ['EndTime', end]);
  if (unreadable) return unreadable;
  const [from, to] = [minutesOf(start), minutesOf(end) || DAY_MINUTES];
  if (from < to) return { from, to };
  const problem = `${rule.EndTime} is not after StartTime, ${rule.StartTime}; over midnight, write a range on each day`;
  return { problems: [{ member: 'EndTime', problem }] };
}

/** Reads `{StartDateTime, EndDateTime}`, local. */
export function readClosedTime(rule: {
  readonly StartDateTime?: string;
  readonly EndDateTime?: string;
}): ClosedTime | Unreadable {
  const missing: Read = { problem: 'missing; write a local date and time, such as 2026-12-25T00:00' };
  const { StartDateTime, EndDateTime } = rule;
  const start = StartDateTime === undefined ? missing : parseLocalDateTime(StartDateTime);
  const end = EndDateTime === undefined ? missing : parseLocalDateTime(EndDateTime, { isEnd: true });
  const unreadable = bothOf(['StartDateTime', start], ['EndDateTime', end]);
  if (unreadable) return unreadable;
  const [from, to] = [minutesOf(start), minutesOf(end)];
  if (from <= to) return { from, to };
  const problem = `${EndDateTime} is before StartDateTime, ${StartDateTime}`;
  return { problems: [{ member: 'EndDateTime', problem }] };
}

function timeOfDay(text: string | undefined, endOfDay = false): Read {
  return text === undefined
    ? { problem: 'missing; write HH:MM, such as 22:00' }
    : parseTimeOfDay(text, { endOfDay });
}

function bothOf(...members: (readonly [member: string, read: Read])[]): Unreadable | undefined {
  const problems = members.flatMap(([member, read]) =>
    'problem' in read ? [{ member, problem: read.problem }] : [],
  );
  return problems.length > 0 ? { problems } : undefined;
}

function minutesOf(read: Read): number {
  return 'minutes' in read ? read.minutes : Number.NaN;
}
