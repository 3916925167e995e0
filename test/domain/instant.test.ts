import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant, parseTimestamp } from '../../src/domain/instant.ts';

describe('parseInstant', () => {
  test.each([
    ['2026-03-01T09:00:00Z', '2026-03-01T09:00:00.000Z', true],
    ['2026-03-01T09:00:00.250Z', '2026-03-01T09:00:00.250Z', true],
    ['2026-03-01T09:00+02:00', '2026-03-01T07:00:00.000Z', true],
    ['2026-03-01T09:00:00-0800', '2026-03-01T17:00:00.000Z', true],
    ['2026-03-01T09:00:00', '2026-03-01T09:00:00.000Z', false],
    ['2026-03-01', '2026-03-01T00:00:00.000Z', false],
    ['2028-02-29', '2028-02-29T00:00:00.000Z', false],
  ])('%s is %s', (text, iso, offsetGiven) => {
    expect(parseInstant(text)).toEqual({ iso, offsetGiven, epochMilliseconds: Date.parse(iso) });
  });

  test.each([
    '',
    'tomorrow',
    '2026-02-30',
    '2026-13-01T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T25:00:00Z',
    '1772355600',
    '2026-03-01 09:00',
  ])('"%s" is no point in time', (text) => {
    expect(parseInstant(text)).toEqual({ problem: expect.stringContaining('write ISO 8601') });
  });

  test('no text makes it throw', () => {
    fc.assert(fc.property(fc.string(), (text) => parseInstant(text) !== undefined));
  });
});

describe('parseTimestamp', () => {
  test.each([
    ['2026-03-01T09:00:00Z', '2026-03-01T09:00:00.000Z'],
    ['2026-03-01t09:00:00.1234z', '2026-03-01T09:00:00.123Z'],
    ['2026-03-01T09:00+0200', '2026-03-01T07:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseTimestamp(text)?.toISOString()).toBe(iso);
  });

  test.each([
    '2026-03-01',
    '2026-03-01Z',
    '2026-03-01T09:00:00',
    '2026-02-30T00:00:00Z',
    '2026-03-01T24:00:00Z',
  ])('"%s" is none: a day, a time without offset or no time at all', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});
