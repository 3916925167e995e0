import { describe, expect, test } from 'vitest';
import { timeDependent } from '../../../src/domain/segment/facts.ts';
import { dimensionsTree } from '../../../src/domain/segment/tree.ts';

describe('a segment', () => {
  test.each([
    [{ Attributes: { A: { AttributeType: 'AFTER', Values: ['-P30D'] } } }, true],
    [{ Attributes: { A: { AttributeType: 'AFTER', Values: ['2026-01-01'] } } }, false],
    [{ Behavior: { Recency: { Duration: 'DAY_7', RecencyType: 'ACTIVE' } } }, true],
    [{ Attributes: { A: { Values: ['-P30D'] } } }, false],
  ] as const)('%j depends on the time: %s', (dimensions, expected) => {
    expect(timeDependent({ kind: 'none', of: [dimensionsTree(dimensions)] })).toBe(expected);
  });
});
