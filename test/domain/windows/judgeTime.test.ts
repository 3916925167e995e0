import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { judgeTime } from '../../../src/domain/windows/judgeTime.ts';
import {
  parseLocalDateTime,
  parseTimeOfDay,
  type Weekday,
  weekdays,
} from '../../../src/domain/windows/localTime.ts';
import type { OpenRange, SendingTimes } from '../../../src/domain/windows/sendingTimes.ts';
import { readZone } from '../../../src/zones/zone.ts';

const unrestricted: SendingTimes = { quiet: null, open: null, closed: [] };

function minutes(text: string): number {
  const read = parseTimeOfDay(text, { endOfDay: true });
  if ('problem' in read) throw new Error(read.problem);
  return read.minutes;
}

function quiet(start: string, end: string): SendingTimes {
  return { ...unrestricted, quiet: { start: minutes(start), end: minutes(end) } };
}

function range(from: string, to: string): OpenRange {
  return { from: minutes(from), to: minutes(to) };
}

function open(days: Partial<Record<Weekday, OpenRange[]>>): SendingTimes {
  return { ...unrestricted, open: days };
}

function everyDay(...ranges: OpenRange[]): SendingTimes {
  return open(Object.fromEntries(weekdays.map((day) => [day, ranges])));
}

function closed(from: string, to: string): SendingTimes {
  const [start, end] = [parseLocalDateTime(from), parseLocalDateTime(to, { isEnd: true })];
  if ('problem' in start || 'problem' in end) throw new Error('no local time');
  return { ...unrestricted, closed: [{ from: start.minutes, to: end.minutes }] };
}

function clock(zone: string) {
  const read = readZone(zone);
  if (!read) throw new Error(`no zone ${zone}`);
  return read;
}

/** The verdict at an instant for people who may be in any of the zones; `until` as ISO 8601 in UTC. */
function judge(times: SendingTimes, at: string, ...zones: string[]) {
  const verdict = judgeTime(times, zones.map(clock), DateTime.fromISO(at).toMillis(), true);
  return verdict.is === 'hold' ? { ...verdict, until: new Date(verdict.until).toISOString() } : verdict;
}

function heldUntil(until: string, reason = 'QUIET_TIME') {
  return { is: 'hold', until: new Date(until).toISOString(), reason };
}

describe('quiet time', () => {
  it('covers both of its minutes and ends with the next', () => {
    const times = quiet('13:00', '14:00');
    expect(judge(times, '2026-07-01T12:59:59Z', 'UTC')).toEqual({ is: 'now' });
    expect(judge(times, '2026-07-01T13:00:00Z', 'UTC')).toEqual(heldUntil('2026-07-01T14:01:00Z'));
    expect(judge(times, '2026-07-01T14:00:59Z', 'UTC')).toEqual(heldUntil('2026-07-01T14:01:00Z'));
    expect(judge(times, '2026-07-01T14:01:00Z', 'UTC')).toEqual({ is: 'now' });
  });

  it('goes over midnight where it ends earlier than it starts', () => {
    const times = quiet('22:00', '08:00');
    expect(judge(times, '2026-07-01T21:59:00Z', 'UTC')).toEqual({ is: 'now' });
    expect(judge(times, '2026-07-01T23:30:00Z', 'UTC')).toEqual(heldUntil('2026-07-02T08:01:00Z'));
    expect(judge(times, '2026-07-02T00:30:00Z', 'UTC')).toEqual(heldUntil('2026-07-02T08:01:00Z'));
  });

  it('is one minute where start and end are the same', () => {
    expect(judge(quiet('09:00', '09:00'), '2026-07-01T09:00:30Z', 'UTC')).toEqual(
      heldUntil('2026-07-01T09:01Z'),
    );
  });

  it('follows New York into summer: the night is an hour shorter, and an end that does not exist is passed at the gap', () => {
    expect(judge(quiet('22:00', '08:00'), '2026-03-07T23:00:00-05:00', 'America/New_York')).toEqual(
      heldUntil('2026-03-08T08:01:00-04:00'),
    );
    // 02:30 does not exist on this day: clocks go from 01:59 to 03:00
    expect(judge(quiet('22:00', '02:30'), '2026-03-08T01:00:00-05:00', 'America/New_York')).toEqual(
      heldUntil('2026-03-08T03:00:00-04:00'),
    );
  });

  it('follows New York out of summer: an hour that comes twice is quiet twice', () => {
    expect(judge(quiet('22:00', '08:00'), '2026-10-31T23:00:00-04:00', 'America/New_York')).toEqual(
      heldUntil('2026-11-01T08:01:00-05:00'),
    );
    const twice = quiet('01:00', '01:29');
    expect(judge(twice, '2026-11-01T01:10:00-04:00', 'America/New_York')).toEqual(
      heldUntil('2026-11-01T01:30:00-04:00'),
    );
    expect(judge(twice, '2026-11-01T01:10:00-05:00', 'America/New_York')).toEqual(
      heldUntil('2026-11-01T01:30:00-05:00'),
    );
    // quiet to the minute before the clock goes back to 01:00, which is quiet again
    expect(judge(quiet('01:00', '01:59'), '2026-11-01T01:30:00-04:00', 'America/New_York')).toEqual(
      heldUntil('2026-11-01T02:00:00-05:00'),
    );
  });

  it('follows the half hour of Lord Howe, and the quarter of Kathmandu', () => {
    // clocks go from 01:59 (+11) back to 01:30 (+10:30) on 2026-04-05
    expect(judge(quiet('22:00', '08:00'), '2026-04-04T23:00:00+11:00', 'Australia/Lord_Howe')).toEqual(
      heldUntil('2026-04-05T08:01:00+10:30'),
    );
    // clocks go from 01:59 (+10:30) to 02:30 (+11) on 2026-10-04
    expect(judge(quiet('22:00', '02:15'), '2026-10-04T01:00:00+10:30', 'Australia/Lord_Howe')).toEqual(
      heldUntil('2026-10-04T02:30:00+11:00'),
    );
    expect(judge(quiet('22:00', '08:00'), '2026-07-01T23:00:00+05:45', 'Asia/Kathmandu')).toEqual(
      heldUntil('2026-07-02T08:01:00+05:45'),
    );
  });

  it('of any zone counts for somebody who may be in several', () => {
    const times = quiet('22:00', '08:00');
    const at = '2026-07-01T21:30:00-04:00';
    expect(judge(times, at, 'America/Chicago')).toEqual({ is: 'now' });
    expect(judge(times, '2026-07-02T08:30:00-04:00', 'America/New_York', 'America/Los_Angeles')).toEqual(
      heldUntil('2026-07-02T08:01:00-07:00'),
    );
  });

  it('counts for nobody whose zone is unknown', () => {
    expect(judge(quiet('00:00', '23:59'), '2026-07-01T12:00:00Z')).toEqual({ is: 'now' });
  });
});

describe('open hours', () => {
  it('begin with their start and end before their end, and there may be several a day', () => {
    const times = everyDay(range('09:00', '12:00'), range('14:00', '18:00'));
    expect(judge(times, '2026-07-01T11:59:59Z', 'UTC')).toEqual({ is: 'now' });
    expect(judge(times, '2026-07-01T12:00:00Z', 'UTC')).toEqual(
      heldUntil('2026-07-01T14:00:00Z', 'OUTSIDE_OPEN_HOURS'),
    );
    expect(judge(times, '2026-07-01T18:00:00Z', 'UTC')).toEqual(
      heldUntil('2026-07-02T09:00:00Z', 'OUTSIDE_OPEN_HOURS'),
    );
  });

  it('may last to 24:00 and go on at 00:00', () => {
    const times = open({ WEDNESDAY: [range('09:00', '24:00')], THURSDAY: [range('00:00', '01:00')] });
    expect(judge(times, '2026-07-01T23:59:59Z', 'UTC')).toEqual({ is: 'now' });
    expect(judge(times, '2026-07-02T00:59:59Z', 'UTC')).toEqual({ is: 'now' });
    expect(judge(times, '2026-07-02T01:00:00Z', 'UTC')).toEqual(
      heldUntil('2026-07-08T09:00:00Z', 'OUTSIDE_OPEN_HOURS'),
    );
  });

  it('go by the weekday where the participant is', () => {
    const times = open({ MONDAY: [range('09:00', '17:00')] });
    // Monday in Auckland, Sunday in UTC
    expect(judge(times, '2026-07-06T10:00:00+12:00', 'Pacific/Auckland')).toEqual({ is: 'now' });
    expect(judge(times, '2026-07-06T10:00:00+12:00', 'UTC')).toEqual(
      heldUntil('2026-07-06T09:00:00Z', 'OUTSIDE_OPEN_HOURS'),
    );
  });

  it('that never come within 14 days drop the message, and why', () => {
    const dropped = { is: 'drop', reason: 'NO_ALLOWED_TIME' };
    expect(judge(open({}), '2026-07-01T12:00:00Z', 'UTC')).toEqual(dropped);
    const hidden = { ...quiet('08:00', '20:00'), open: everyDay(range('09:00', '17:00')).open };
    expect(judge(hidden, '2026-07-01T12:00:00Z', 'UTC')).toEqual(dropped);
  });
});

describe('a closed day', () => {
  it('is closed from its first minute to its last, where the participant is', () => {
    const times = closed('2026-12-25T00:00', '2026-12-25T23:59:59');
    expect(judge(times, '2026-12-24T23:59:59+01:00', 'Europe/Berlin')).toEqual({ is: 'now' });
    expect(judge(times, '2026-12-25T00:00:00+01:00', 'Europe/Berlin')).toEqual(
      heldUntil('2026-12-26T00:00:00+01:00', 'CLOSED_DAY'),
    );
    expect(judge(times, '2026-12-25T00:00:00+01:00', 'UTC')).toEqual({ is: 'now' });
  });

  it('hands over to the next open hour that is not quiet', () => {
    const times: SendingTimes = {
      ...closed('2026-12-25', '2026-12-25'),
      open: everyDay(range('08:00', '18:00')).open,
      quiet: { start: minutes('22:00'), end: minutes('08:30') },
    };
    expect(judge(times, '2026-12-25T10:00:00Z', 'UTC')).toEqual(
      heldUntil('2026-12-26T08:31:00Z', 'CLOSED_DAY'),
    );
  });
});

it('drops at once what nobody waits for, and says why', () => {
  const at = Date.parse('2026-07-01T12:00:00Z');
  const judged = (times: SendingTimes) => judgeTime(times, [clock('UTC')], at, false);
  expect(judged(quiet('10:00', '14:00'))).toEqual({ is: 'drop', reason: 'QUIET_TIME' });
  expect(judged(open({}))).toEqual({ is: 'drop', reason: 'OUTSIDE_OPEN_HOURS' });
  expect(judged(quiet('13:00', '14:00'))).toEqual({ is: 'now' });
});
