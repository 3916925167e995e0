import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueAfter } from '../../../src/domain/journey/due.ts';

describe('dueAfter', () => {
  it('adds relative waits one after the other', () => {
    expect(dueAfter(100, [{ for: 10 }, { for: 5 }], [])).toBe(115);
  });

  it('leaves an absolute wait that has passed already without effect', () => {
    expect(dueAfter(100, [{ until: 50 }, { for: 5 }], [])).toBe(105);
  });

  it('preserves the time that was left when a pause began', () => {
    expect(dueAfter(0, [{ for: 100 }], [{ from: 30, to: 1030 }])).toBe(1100);
  });

  it('ignores a pause that began after the wait was over, and one that ended before it began', () => {
    expect(dueAfter(50, [{ for: 100 }], [{ from: 150, to: 900 }])).toBe(150);
    expect(dueAfter(50, [{ for: 100 }], [{ from: 0, to: 50 }])).toBe(150);
  });

  it('never moves an absolute wait', () => {
    expect(dueAfter(0, [{ until: 500 }], [{ from: 100, to: 300 }])).toBe(500);
  });

  it('is not due while a pause that froze it lasts', () => {
    expect(dueAfter(0, [{ for: 100 }], [{ from: 30, to: null }])).toBeNull();
  });

  it('is later by exactly the paused time for any pauses inside a wait', () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(gaps, (pairs) => {
        let cursor = 0;
        let paused = 0;
        const pauses = pairs.map(([running, still]) => {
          const from = cursor + running;
          cursor = from + still;
          paused += still;
          return { from, to: cursor };
        });
        expect(dueAfter(0, [{ for: 1000 }], pauses)).toBe(1000 + paused);
      }),
    );
  });
});
