import { describe, expect, test } from 'vitest';
import { dayOf, instantOf, momentOf, parseMoment } from '../../../src/domain/segment/moment.ts';

const now = new Date('2026-03-31T12:30:00.000Z');

describe('a moment', () => {
  test.each([
    ['2026-01-15', '2026-01-15T00:00:00.000Z'],
    ['2026-01-15T10:00:00+02:00', '2026-01-15T08:00:00.000Z'],
    ['2026-01-15T10:00', '2026-01-15T10:00:00.000Z'],
    ['-P30D', '2026-03-01T12:30:00.000Z'],
    ['P1D', '2026-04-01T12:30:00.000Z'],
    ['+PT36H', '2026-04-02T00:30:00.000Z'],
    ['-P1M', '2026-02-28T12:30:00.000Z'],
    ['-P1Y1M1D', '2025-02-27T12:30:00.000Z'],
    ['-P2W', '2026-03-17T12:30:00.000Z'],
    ['P0D', '2026-03-31T12:30:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(instantOf(momentOf(text), now).toISOString()).toBe(instant);
  });

  test.each(['', 'P', '-P', 'PT', 'P1', '30d', 'P-30D', '--P1D', '2026-02-30', 'now', 'P201Y', '2026'])(
    '%j is none, and the text says what would be',
    (text) => {
      expect(parseMoment(text)).toEqual({ problem: expect.stringContaining('-P30D') });
    },
  );

  test('falls on a UTC day', () => {
    expect(dayOf(momentOf('2026-01-15T23:30:00-02:00'), now)).toEqual({
      from: new Date('2026-01-16T00:00:00Z'),
      until: new Date('2026-01-17T00:00:00Z'),
    });
  });
});
