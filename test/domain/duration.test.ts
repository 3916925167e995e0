import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { millisecondsOf, parseDuration } from '../../src/domain/duration.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('parseDuration', () => {
  test.each([
    ['P3D', 'P3D', 3 * DAY],
    ['P2W', 'P2W', 14 * DAY],
    ['PT12H', 'PT12H', 12 * HOUR],
    ['P1DT2H3M4S', 'P1DT2H3M4S', DAY + 2 * HOUR + 3 * MINUTE + 4000],
    ['PT0.5H', 'PT0.5H', 30 * MINUTE],
    ['PT0S', 'PT0S', 0],
    ['3d', 'P3D', 3 * DAY],
    ['12h', 'PT12H', 12 * HOUR],
    ['30m', 'PT30M', 30 * MINUTE],
    ['45s', 'PT45S', 45_000],
    ['2w', 'P2W', 14 * DAY],
    ['P3600D', 'P3600D', 3600 * DAY],
  ])('%s is %s, %d milliseconds', (text, iso, milliseconds) => {
    expect(parseDuration(text)).toEqual({ iso, milliseconds });
  });

  test.each([
    '',
    'P',
    'PT',
    'P1DT',
    '3',
    'd',
    '3 d',
    '3D',
    '30M',
    '-P3D',
    'P-3D',
    'soon',
    'P3',
    'PT3D',
    'p3d',
  ])('"%s" is no duration', (text) => {
    expect(parseDuration(text)).toEqual({ problem: expect.stringContaining('is not a duration') });
  });

  test.each(['P1M', 'P1Y', 'P1Y2M3D', 'P1MT1H'])('"%s" is refused: months and years vary', (text) => {
    expect(parseDuration(text)).toEqual({ problem: expect.stringContaining('write days') });
  });

  test('more than 3600 days is refused', () => {
    expect(parseDuration('P3601D')).toEqual({ problem: expect.stringContaining('3600 days') });
  });

  test('its ISO form means the same, and no text makes it throw', () => {
    const count = fc.nat(3000).map((days) => `${days}d`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), count), (text) => {
        const duration = parseDuration(text);
        if (!('problem' in duration)) expect(millisecondsOf(duration.iso)).toBe(duration.milliseconds);
      }),
    );
  });
});
