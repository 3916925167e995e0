import { describe, expect, it } from 'vitest';
import { branchOfLot, draw } from '../../../src/domain/journey/draw.ts';

/** Ids as entries have them: uuids made one after the other, alike in all but the end. */
const ids = Array.from(
  { length: 100_000 },
  (_, i) => `019a0b3c-5f00-7000-8000-${i.toString(16).padStart(12, '0')}`,
);

/** How unlike the expectation counts are; for 99 degrees of freedom a value above 149 is one in a thousand. */
function chiSquare(counts: readonly number[], expected: number): number {
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('draw', () => {
  it('draws the same lot for the same entry and step, for ever', () => {
    expect(draw('019a0b3c-5f00-7000-8000-000000000001', 'Pick')).toBe(28);
    expect(draw('019a0b3c-5f00-7000-8000-000000000001', 'Hold')).toBe(11);
  });

  it.each(['Pick', 'Hold', 'a'])('draws every lot as often at step %s', (step) => {
    const counts = new Array<number>(100).fill(0);
    for (const id of ids) counts[draw(id, step)] = (counts[draw(id, step)] ?? 0) + 1;
    expect(chiSquare(counts, ids.length / 100)).toBeLessThan(149);
  });

  it('draws at one step independently of another', () => {
    const counts = new Array<number>(100).fill(0);
    for (const id of ids) {
      const pair = Math.floor(draw(id, 'Split1') / 10) * 10 + Math.floor(draw(id, 'Split2') / 10);
      counts[pair] = (counts[pair] ?? 0) + 1;
    }
    expect(chiSquare(counts, ids.length / 100)).toBeLessThan(149);
  });
});

describe('branchOfLot', () => {
  it.each([
    [0, 0],
    [9, 0],
    [10, 1],
    [39, 1],
    [40, 2],
    [99, 2],
  ])('gives lot %i of shares 10, 30 and 60 to branch %i', (lot, branch) => {
    expect(branchOfLot(lot, [10, 30, 60])).toBe(branch);
  });
});
