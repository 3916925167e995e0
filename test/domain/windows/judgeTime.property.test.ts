import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, it } from 'vitest';
import { HORIZON_MS, judgeTime } from '../../../src/domain/windows/judgeTime.ts';
import { weekdays } from '../../../src/domain/windows/localTime.ts';
import type { SendingTimes } from '../../../src/domain/windows/sendingTimes.ts';
import { readZone } from '../../../src/zones/zone.ts';

const MINUTE = 60_000;
const zones = [
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Europe/London',
  'Pacific/Apia',
  'America/St_Johns',
  'UTC-07',
];

/** Around the days on which the clocks of those zones change, and any other. */
const instants = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04', '2026-03-29', '2026-10-25'),
      fc.constant('2026-07-15'),
    ),
    fc.integer({ min: -36 * 60, max: 36 * 60 }),
    fc.integer({ min: 0, max: MINUTE - 1 }),
  )
  .map(([day, minutes, rest]) => Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE + rest);

const minuteOfDay = fc.integer({ min: 0, max: 1439 });
const ranges = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 600 }))
    .map(([from, length]) => ({ from, to: Math.min(1440, from + length) })),
  { maxLength: 3 },
);
const sendingTimes: fc.Arbitrary<SendingTimes> = fc.record({
  quiet: fc.option(fc.record({ start: minuteOfDay, end: minuteOfDay })),
  open: fc.option(
    fc.record(Object.fromEntries(weekdays.map((day) => [day, ranges])) as Record<string, typeof ranges>, {
      requiredKeys: [],
    }),
    { freq: 2 },
  ),
  closed: fc.array(
    fc
      .tuple(instants, fc.integer({ min: 0, max: 2000 }))
      .map(([at, length]) => ({ from: Math.floor(at / MINUTE), to: Math.floor(at / MINUTE) + length })),
    { maxLength: 2 },
  ),
});

/** The rules as they are told, by another library's clock: no arithmetic of ours. */
function isAllowed(times: SendingTimes, zone: string, instant: number): boolean {
  const local = DateTime.fromMillis(instant, { zone: zone === 'UTC-07' ? 'UTC-7' : zone });
  const minute = local.hour * 60 + local.minute;
  const stamp = Math.floor(local.setZone('UTC', { keepLocalTime: true }).toMillis() / MINUTE);
  if (times.closed.some(({ from, to }) => from <= stamp && stamp <= to)) return false;
  if (times.quiet !== null) {
    const { start, end } = times.quiet;
    const isOver = end < start;
    if (isOver ? minute >= start || minute <= end : minute >= start && minute <= end) return false;
  }
  if (times.open === null) return true;
  const today = times.open[weekdays[local.weekday - 1] ?? 'MONDAY'] ?? [];
  return today.some(({ from, to }) => minute >= from && minute < to);
}

it('holds a message exactly until the first minute that every possible zone allows', () => {
  const property = fc.property(
    sendingTimes,
    fc.uniqueArray(fc.constantFrom(...zones), { minLength: 1, maxLength: 2 }),
    instants,
    (times, names, now) => {
      const clocks = names.flatMap((name) => readZone(name) ?? []);
      const verdict = judgeTime(times, clocks, now, true);
      const allowed = (instant: number) => names.every((name) => isAllowed(times, name, instant));
      expect(verdict.is === 'now').toBe(allowed(now));
      if (verdict.is === 'now') return;
      const end = verdict.is === 'hold' ? verdict.until : now + HORIZON_MS;
      const first = (Math.floor(now / MINUTE) + 1) * MINUTE;
      for (let instant = first; instant < end; instant += MINUTE) {
        if (allowed(instant)) expect.fail(`${new Date(instant).toISOString()} was allowed`);
      }
      if (verdict.is === 'hold') expect(allowed(verdict.until)).toBe(true);
    },
  );
  fc.assert(property, { numRuns: 50 });
}, 60_000);
