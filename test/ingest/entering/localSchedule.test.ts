import { describe, expect, it } from 'vitest';
import {
  localSchedule,
  nextLocalStart,
  refusedByClock,
  worldwide,
} from '../../../src/ingest/entering/localSchedule.ts';

const at = (text: string) => new Date(text);
const scheduled = (Schedule: object, more: object = {}) => {
  const schedule = localSchedule({ Name: 'Journey', LocalTime: true, Schedule, ...more });
  if (schedule === null) throw new Error('there is a schedule');
  return schedule;
};
const endpoint = (zone: string, location: object = {}) => ({
  channel_type: 'EMAIL',
  address: 'a@example.com',
  demographic: zone === '' ? {} : { Timezone: zone },
  location: { ...location },
});

describe('a local schedule', () => {
  it('is none without LocalTime', () => {
    expect(localSchedule({ Name: 'Journey', Schedule: { StartTime: '2026-03-01T09:00:00Z' } })).toBeNull();
  });

  it('is what a clock in Schedule.Timezone shows at StartTime', async () => {
    const schedule = scheduled({ StartTime: '2026-03-01T17:00:00Z', Timezone: 'UTC-08:00' });
    const asked = (now: string) => refusedByClock(schedule, endpoint('Europe/Berlin'), at(now));
    expect(await asked('2026-03-01T07:59:00Z')).toBe('ENDPOINT_TIMEZONE_MISMATCH');
    expect(await asked('2026-03-01T08:00:00Z')).toBeNull();
  });

  it('keeps to the clock on the day on which it is put forward: who sleeps through the hour starts after it', async () => {
    const schedule = scheduled({ StartTime: '2026-03-08T02:30:00Z' });
    const asked = (now: string) => refusedByClock(schedule, endpoint('America/New_York'), at(now));
    expect(await asked('2026-03-08T06:59:00Z')).toBe('ENDPOINT_TIMEZONE_MISMATCH');
    expect(await asked('2026-03-08T07:00:00Z')).toBeNull();
  });

  it('starts by the last and ends by the first of several zones somebody may be in', async () => {
    const schedule = scheduled(
      { StartTime: '2026-03-01T09:00:00Z', EndTime: '2026-03-01T12:00:00Z' },
      { TimezoneEstimationMethods: ['PHONE_NUMBER'] },
    );
    // Idaho: Boise or Los Angeles
    const phone = { ...endpoint(''), channel_type: 'SMS', address: '+12082123456' };
    const asked = (now: string) => refusedByClock(schedule, phone, at(now));
    expect(await asked('2026-03-01T16:59:00Z')).toBe('ENDPOINT_TIMEZONE_MISMATCH');
    expect(await asked('2026-03-01T17:00:00Z')).toBeNull();
    expect(await asked('2026-03-01T18:59:00Z')).toBeNull();
    expect(await asked('2026-03-01T19:00:00Z')).toBe('ENDPOINT_TIMEZONE_MISMATCH');
  });

  it('keeps out whose zone is not known', async () => {
    const schedule = scheduled({ StartTime: '2026-03-01T09:00:00Z' });
    const refusal = await refusedByClock(schedule, endpoint(''), at('2026-03-05T00:00:00Z'));
    expect(refusal).toBe('ENDPOINT_MISSING_TIMEZONE');
  });

  it('begins with the first zone of the world, goes on at each start of another and ends with the last', () => {
    const schedule = scheduled({ StartTime: '2026-03-02T00:00:00Z', EndTime: '2026-03-03T00:00:00Z' });
    expect(worldwide(schedule)).toEqual({ from: at('2026-03-01T10:00:00Z'), to: at('2026-03-03T14:00:00Z') });
    const starts: string[] = [];
    for (let next = nextLocalStart(schedule, 0); next !== null; next = nextLocalStart(schedule, next))
      starts.push(new Date(next).toISOString().slice(5, 16));
    expect(starts[0]).toBe('03-01T10:00');
    expect(starts).toContain('03-01T18:15');
    expect(starts.length).toBeLessThan(50);
    expect(starts.at(-1)).toBe('03-02T11:00');
  });
});
