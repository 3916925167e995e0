import { expect, it } from 'vitest';
import { parseJourney } from '../../../src/contract/journey/journey.ts';

function problemsOf(members: object): string[] {
  try {
    parseJourney({ Name: 'Times', ...members });
  } catch (error) {
    return (error as { problems: { path: string; message: string }[] }).problems.map(
      ({ path, message }) => `${path}: ${message}`,
    );
  }
  return [];
}

function warningsOf(members: object): readonly string[] {
  return parseJourney({ Name: 'Times', ...members }).warnings.filter((text) => !text.includes('publishing'));
}

it('names every time that cannot be read, each with its path and what is allowed', () => {
  const problems = problemsOf({
    QuietTime: { Start: '8pm' },
    OpenHours: {
      EMAIL: { MONDAY: [{ StartTime: '09:00', EndTime: '08:00' }, { StartTime: '24:00' }] },
      SMS: { SUNDAY: Array.from({ length: 5 }, () => ({ StartTime: '09:00', EndTime: '24:00' })) },
    },
    ClosedDays: {
      PUSH: [{ Name: 'Christmas', StartDateTime: '2026-12-25T00:00', EndDateTime: '2026-12-24' }, {}],
    },
    TimezoneEstimationMethods: ['PHONE_NUMBER', 'GUESS'],
  });
  expect(problems).toEqual([
    'QuietTime.Start: "8pm" is not a time of day; write HH:MM, from 00:00 to 23:59',
    'QuietTime.End: missing; write HH:MM, such as 22:00',
    'OpenHours.EMAIL.MONDAY[0].EndTime: 08:00 is not after StartTime, 09:00; over midnight, write a range on each day',
    'OpenHours.EMAIL.MONDAY[1].StartTime: "24:00" is not a time of day; write HH:MM, from 00:00 to 23:59',
    'OpenHours.EMAIL.MONDAY[1].EndTime: missing; write HH:MM, such as 22:00',
    'OpenHours.SMS.SUNDAY: 5 ranges on SUNDAY; at most 4',
    'ClosedDays.PUSH[0].EndDateTime: 2026-12-24 is before StartDateTime, 2026-12-25T00:00',
    'ClosedDays.PUSH[1].StartDateTime: missing; write a local date and time, such as 2026-12-25T00:00',
    'ClosedDays.PUSH[1].EndDateTime: missing; write a local date and time, such as 2026-12-25T00:00',
    'TimezoneEstimationMethods[1]: "GUESS"; one of PHONE_NUMBER, POSTAL_CODE',
  ]);
});

it('refuses more closed days than a channel may have', () => {
  const day = { Name: 'x', StartDateTime: '2026-12-25', EndDateTime: '2026-12-25' };
  expect(problemsOf({ ClosedDays: { SMS: Array.from({ length: 21 }, () => day) } })).toEqual([
    'ClosedDays.SMS: 21 closed days; at most 20',
  ]);
});

it('names every limit out of its range', () => {
  const Limits = {
    DailyCap: 101,
    TotalCap: -1,
    TimeframeCap: { Cap: 1.5, Days: 31 },
    MessagesPerSecond: 20_001,
  };
  expect(problemsOf({ Limits })).toEqual([
    'Limits.DailyCap: 101; write a whole number from 0 to 100',
    'Limits.TotalCap: -1; write a whole number from 0 to 100',
    'Limits.MessagesPerSecond: 20001; write a whole number from 0 to 20000',
    'Limits.TimeframeCap.Cap: 1.5; write a whole number from 0 to 100',
    'Limits.TimeframeCap.Days: 31; write a whole number from 0 to 30',
  ]);
});

it('takes an empty quiet time, empty hours and an end of 00:00 as Pinpoint answers them', () => {
  expect(problemsOf({ QuietTime: {}, OpenHours: { EMAIL: {} } })).toEqual([]);
  const EMAIL = { MONDAY: [{ StartTime: '18:00', EndTime: '00:00' }] };
  expect(problemsOf({ SendingSchedule: true, OpenHours: { EMAIL } })).toEqual([]);
});

it('warns of what changes nothing, of hours that never come, and of an offset where the participant decides', () => {
  const christmas = { StartDateTime: '2026-12-25T00:00:00Z', EndDateTime: '2026-12-25T23:59:59+01:00' };
  expect(warningsOf({ OpenHours: { EMAIL: { MONDAY: [] } }, ClosedDays: { EMAIL: [christmas] } })).toEqual([
    'ClosedDays.EMAIL[0].StartDateTime: "2026-12-25T00:00:00Z" read as 2026-12-25T00:00:00 where the participant is',
    'ClosedDays.EMAIL[0].EndDateTime: "2026-12-25T23:59:59+01:00" read as 2026-12-25T23:59:59 where the participant is',
    'OpenHours.EMAIL: never open; every message of this channel is dropped',
    'OpenHours: ignored; it counts when SendingSchedule is true',
    'ClosedDays: ignored; it counts when SendingSchedule is true',
  ]);
  expect(warningsOf({ SendingSchedule: true })).toEqual([
    'SendingSchedule: restricts nothing without OpenHours or ClosedDays',
  ]);
});
