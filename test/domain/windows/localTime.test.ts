import { describe, expect, it } from 'vitest';
import {
  minuteOfDay,
  parseLocalDateTime,
  parseTimeOfDay,
  weekdayOf,
} from '../../../src/domain/windows/localTime.ts';

describe('a time of day', () => {
  it.each([
    ['00:00', 0],
    ['08:30', 510],
    ['23:59', 1439],
  ])('%s is read as minute %i of the day', (text, minutes) => {
    expect(parseTimeOfDay(text)).toEqual({ minutes });
  });

  it.each(['24:00', '8:30', '08:60', '25:00', '08:30:00', 'noon', ''])(
    '"%s" is refused, and what is allowed is said',
    (text) => {
      expect(parseTimeOfDay(text)).toEqual({
        problem: `"${text}" is not a time of day; write HH:MM, from 00:00 to 23:59`,
      });
    },
  );

  it('may be 24:00 where it ends a day, and not later', () => {
    expect(parseTimeOfDay('24:00', { endOfDay: true })).toEqual({ minutes: 1440 });
    expect(parseTimeOfDay('24:01', { endOfDay: true })).toHaveProperty('problem');
  });
});

describe('a local date and time', () => {
  it('is read to the minute, and a date alone is its first or its last minute', () => {
    const midnight = Date.UTC(2026, 11, 25) / 60_000;
    expect(parseLocalDateTime('2026-12-25T00:00')).toEqual({ minutes: midnight });
    expect(parseLocalDateTime('2026-12-25T23:59:59')).toEqual({ minutes: midnight + 1439 });
    expect(parseLocalDateTime('2026-12-25')).toEqual({ minutes: midnight });
    expect(parseLocalDateTime('2026-12-25', { isEnd: true })).toEqual({ minutes: midnight + 1439 });
  });

  it.each(['2026-02-30', '2026-12-25T24:00', '2026-12-25 08:00', 'Christmas', '2026-12-25T08:00Z'])(
    '"%s" is refused',
    (text) => {
      expect(parseLocalDateTime(text)).toHaveProperty('problem');
    },
  );
});

it('knows the weekday and the minute of days before and after 1970', () => {
  expect(weekdayOf(Date.UTC(2026, 10, 23) / 86_400_000)).toBe('MONDAY');
  expect(weekdayOf(-1)).toBe('WEDNESDAY');
  expect(minuteOfDay(-1)).toBe(1439);
});
