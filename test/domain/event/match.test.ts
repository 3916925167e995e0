import { describe, expect, it } from 'vitest';
import { matchesCondition } from '../../../src/domain/event/match.ts';
import type { EventCondition } from '../../../src/domain/journey/steps.ts';

const at = new Date('2026-03-10T12:00:00Z');
const any: EventCondition = { eventTypes: [], dimensionType: 'EXCLUSIVE', attributes: {}, metrics: {} };

function matches(condition: Partial<EventCondition>, attributes = {}, metrics = {}, type = 'buy'): boolean {
  return matchesCondition({ ...any, ...condition }, { type, attributes, metrics }, at);
}

describe('an attribute of an event', () => {
  const asks = (type: string, ...values: string[]) => ({ attributes: { Given: { type, values } } });

  it.each([
    ['INCLUSIVE', ['a', 'b'], 'b', true],
    ['INCLUSIVE', ['a', 'b'], 'c', false],
    ['EXCLUSIVE', ['a', 'b'], 'c', true],
    ['EXCLUSIVE', ['a', 'b'], 'a', false],
    ['CONTAINS', ['an'], 'banana', true],
    ['CONTAINS', ['x'], 'banana', false],
    ['BEFORE', ['2026-03-01'], '2026-02-28', true],
    ['BEFORE', ['2026-03-01'], '2026-03-01', false],
    ['AFTER', ['2026-03-01T10:00:00Z'], '2026-03-01T10:00:01Z', true],
    ['AFTER', ['2026-03-01T10:00:00Z'], '2026-03-01T10:00:00Z', false],
    ['ON', ['2026-03-01'], '2026-03-01T23:59:59Z', true],
    ['ON', ['2026-03-01'], '2026-03-02', false],
    ['BETWEEN', ['2026-03-01', '2026-03-05'], '2026-03-05T10:00:00Z', true],
    ['BETWEEN', ['2026-03-01', '2026-03-05'], '2026-03-06', false],
    ['AFTER', ['-P3D'], '2026-03-08', true],
    ['AFTER', ['-P3D'], '2026-03-07', false],
    ['ON', ['2026-03-01'], 'tomorrow', false],
  ])('%s %j compared with %s is %s', (type, values, given, expected) => {
    expect(matches(asks(type, ...values), { Given: given })).toBe(expected);
  });

  it.each([
    ['INCLUSIVE', false],
    ['EXCLUSIVE', true],
    ['CONTAINS', false],
    ['BEFORE', false],
  ])('that is absent is for %s %s', (type, expected) => {
    expect(matches(asks(type, '2026-03-01'))).toBe(expected);
  });
});

describe('a metric of an event', () => {
  it.each([
    ['EQUAL', 5, true],
    ['EQUAL', 6, false],
    ['GREATER_THAN', 5, false],
    ['GREATER_THAN', 6, true],
    ['GREATER_THAN_OR_EQUAL', 5, true],
    ['LESS_THAN', 5, false],
    ['LESS_THAN', 4, true],
    ['LESS_THAN_OR_EQUAL', 5, true],
  ])('%s 5 holds for %d: %s', (comparison, given, expected) => {
    expect(matches({ metrics: { Total: { comparison, value: 5 } } }, {}, { Total: given })).toBe(expected);
  });

  it('that is absent never holds', () => {
    expect(matches({ metrics: { Total: { comparison: 'LESS_THAN', value: 5 } } })).toBe(false);
  });
});

it('an event fits only with its type, all attributes and all metrics', () => {
  const condition: EventCondition = {
    eventTypes: ['buy', 'order'],
    dimensionType: 'INCLUSIVE',
    attributes: { Plan: { type: 'INCLUSIVE', values: ['pro'] } },
    metrics: { Total: { comparison: 'GREATER_THAN', value: 5 } },
  };
  expect(matches(condition, { Plan: 'pro' }, { Total: 6 })).toBe(true);
  expect(matches(condition, { Plan: 'pro' }, { Total: 6 }, 'order')).toBe(true);
  expect(matches(condition, { Plan: 'pro' }, { Total: 6 }, 'look')).toBe(false);
  expect(matches(condition, { Plan: 'free' }, { Total: 6 })).toBe(false);
  expect(matches(condition, { Plan: 'pro' }, { Total: 5 })).toBe(false);
});
