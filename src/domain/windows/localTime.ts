import { MINUTE_MS } from '../duration.ts';
export const DAY_MINUTES = 1440;

/** A zone's clock. */
export interface LocalClock {
  /** The minutes by which local time is ahead of UTC at an instant (epoch milliseconds). */
  offsetAt(instant: number): number;
}

/** What a clock on the wall shows, as minutes since the local 1970-01-01T00:00: no instant, for it may come twice or never. */
export type LocalMinutes = number;

/** What a clock shows at an instant (epoch milliseconds), to the minute. */
export function localMinutesAt(instant: number, clock: LocalClock): LocalMinutes {
  return Math.floor(instant / MINUTE_MS) + clock.offsetAt(instant);
}

/** Minutes since local midnight. */
export function minuteOfDay(local: LocalMinutes): number {
  return ((local % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
}

/** Days since the local 1970-01-01. */
export function dayOf(local: LocalMinutes): number {
  return Math.floor(local / DAY_MINUTES);
}

export const weekdays = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
] as const;
export type Weekday = (typeof weekdays)[number];

/** The weekday of a day since 1970-01-01, which was a Thursday. */
export function weekdayOf(day: number): Weekday {
  return weekdays[(((day + 3) % 7) + 7) % 7] ?? 'MONDAY';
}

/**
 * Reads a time of day as Pinpoint writes it, `HH:MM` in 24 hours, to minutes since midnight; `24:00` where it may end a day.
 * @returns the minutes, or what is wrong with the text and what is allowed
 */
export function parseTimeOfDay(
  text: string,
  { endOfDay = false } = {},
): { readonly minutes: number } | { readonly problem: string } {
  const [, hours, minutes] = /^(\d{2}):(\d{2})$/.exec(text) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  const most = endOfDay ? DAY_MINUTES : DAY_MINUTES - 1;
  if (Number(minutes) < 60 && total <= most) return { minutes: total };
  return {
    problem: `"${text}" is not a time of day; write HH:MM, from 00:00 to ${endOfDay ? '24:00' : '23:59'}`,
  };
}

const dateTime = /^(\d{4}-\d{2}-\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.\d{1,9})?)?)?$/;

/**
 * Reads a local date and time, such as `2026-12-25T00:00` or `2026-12-25T23:59:59`, to the minute; a date alone is its
 * midnight, or its last minute where it ends something.
 * @returns the local minutes, or what is wrong with the text and what is allowed
 */
export function parseLocalDateTime(
  text: string,
  { isEnd = false } = {},
): { readonly minutes: LocalMinutes } | { readonly problem: string } {
  const [, date, hours, minutes] = dateTime.exec(text) ?? [];
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(date ?? '-')) {
    return { problem: `"${text}" is not a local date and time; write it such as 2026-12-25T00:00` };
  }
  const ofDay = hours === undefined ? (isEnd ? DAY_MINUTES - 1 : 0) : Number(hours) * 60 + Number(minutes);
  return { minutes: midnight / MINUTE_MS + ofDay };
}
