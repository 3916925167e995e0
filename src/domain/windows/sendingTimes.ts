import { dayOf, type LocalMinutes, minuteOfDay, type Weekday, weekdayOf } from './localTime.ts';

/** Quiet from Start to End, in minutes since midnight, both minutes included; over midnight where End is before Start. */
export interface QuietTime {
  readonly start: number;
  readonly end: number;
}

/** Open from `from` up to, not including, `to`: minutes since midnight, at most 1440. */
export interface OpenRange {
  readonly from: number;
  readonly to: number;
}

/** Closed from a local minute to another, both included. */
export interface ClosedTime {
  readonly from: LocalMinutes;
  readonly to: LocalMinutes;
}

/** When a channel may be used, on the participant's own clock. */
export interface SendingTimes {
  readonly quiet: QuietTime | null;
  /** A weekday without ranges is closed; null: open all week. */
  readonly open: Readonly<Partial<Record<Weekday, readonly OpenRange[]>>> | null;
  readonly closed: readonly ClosedTime[];
}

/** Why a message may not be sent at a time. */
export type Untimely = 'QUIET_TIME' | 'OUTSIDE_OPEN_HOURS' | 'CLOSED_DAY';

/** Why nothing may be sent at a local minute; null where it may. */
export function whyNotAt(times: SendingTimes, local: LocalMinutes): Untimely | null {
  if (times.closed.some(({ from, to }) => from <= local && local <= to)) return 'CLOSED_DAY';
  if (times.quiet && isQuiet(times.quiet, minuteOfDay(local))) return 'QUIET_TIME';
  return times.open && !isOpen(times.open, local) ? 'OUTSIDE_OPEN_HOURS' : null;
}

function isQuiet({ start, end }: QuietTime, minute: number): boolean {
  return start <= end ? start <= minute && minute <= end : minute >= start || minute <= end;
}

function isOpen(open: NonNullable<SendingTimes['open']>, local: LocalMinutes): boolean {
  const minute = minuteOfDay(local);
  return (open[weekdayOf(dayOf(local))] ?? []).some(({ from, to }) => from <= minute && minute < to);
}
