import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalOf, type Line, type Standing, takeSlots, takeTurns } from '../../../src/domain/rate/line.ts';

const SECOND = 1_000_000;
const start = Date.parse('2026-07-01T12:00:00Z') * 1000;
const empty: Line = { nextAt: 0, queueAt: 0 };

const ask = fc.record({
  after: fc.integer({ min: 0, max: 3 * SECOND }),
  count: fc.integer({ min: 1, max: 40 }),
  standing: fc.constantFrom<Standing>('behind', 'returning', 'waiting', 'ahead'),
});

describe('a line of slots', () => {
  it('lets no window have more than the rate and one, whoever asks, however they stand', () => {
    const scene = fc.tuple(
      fc.double({ min: 0.2, max: 20_000, noNaN: true }),
      fc.array(ask, { maxLength: 40 }),
    );
    fc.assert(
      fc.property(scene, fc.integer({ min: 1, max: 5 * SECOND }), ([perSecond, asks], window) => {
        const interval = intervalOf(perSecond);
        const slots = play(asks, interval).flatMap(({ slots: given }) => given);
        const most = (window / SECOND) * perSecond + 1;
        for (const [index, slot] of slots.entries()) {
          const inWindow = slots.slice(index).findIndex((later) => later >= slot + window);
          expect(inWindow === -1 ? slots.length - index : inWindow).toBeLessThanOrEqual(Math.ceil(most));
        }
      }),
    );
  });

  it('gives slots in order, never past ones, and none further ahead than asked', () => {
    fc.assert(
      fc.property(fc.array(ask), (asks) => {
        let last = 0;
        for (const { now, slots } of play(asks, intervalOf(50))) {
          for (const slot of slots) {
            expect(slot).toBeGreaterThan(last);
            expect(slot).toBeGreaterThanOrEqual(now);
            expect(slot).toBeLessThanOrEqual(now + SECOND);
            last = slot;
          }
        }
      }),
    );
  });

  it('answers everybody: a slot or a turn to come back', () => {
    fc.assert(
      fc.property(fc.array(ask), (asks) => {
        for (const { count, slots, turns } of play(asks, intervalOf(7)))
          expect(slots.length + turns.length).toBe(count);
      }),
    );
  });

  it('spaces those who are to come back as the rate lets them', () => {
    const first = takeSlots(empty, {
      now: start,
      count: 100,
      interval: 20_000,
      within: SECOND,
      standing: 'behind',
    });
    expect(first.slots).toHaveLength(51);
    expect(first.turns).toHaveLength(49);
    expect(first.turns[0]).toBe(start + 51 * 20_000);
    expect(first.turns[48]).toBe(start + 99 * 20_000);
  });

  it('sends newcomers behind the queue, and lets those who return pass into what is free', () => {
    const queue = { nextAt: start, queueAt: start + 10 * SECOND };
    const asked = { now: start, count: 1, interval: 20_000, within: SECOND };
    expect(takeSlots(queue, { ...asked, standing: 'behind' }).turns).toEqual([queue.queueAt]);
    expect(takeSlots(queue, { ...asked, standing: 'returning' }).slots).toEqual([start]);
  });

  it('lets who is ahead pass a queue of hours, which moves back by as much', () => {
    const queue = { nextAt: start + SECOND, queueAt: start + 3600 * SECOND };
    const asked = { now: start, count: 2, interval: 20_000, within: 5 * SECOND, standing: 'ahead' } as const;
    const given = takeSlots(queue, asked);
    expect(given.slots).toEqual([start + SECOND, start + SECOND + 20_000]);
    expect(given.line.queueAt).toBe(queue.queueAt + 40_000);
  });
});

describe('a pace', () => {
  it('has no second with more turns than it says', () => {
    const taking = fc.record({
      after: fc.integer({ min: 0, max: 4 * SECOND }),
      count: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.array(taking), (perSecond, takes) => {
        let [line, now] = [empty, start];
        const turns: number[] = [];
        for (const { after, count } of takes) {
          now += after;
          const given = takeTurns(line, { now, count, perSecond });
          ({ line } = given);
          turns.push(...given.slots);
        }
        const seconds = Map.groupBy(turns, (turn) => turn);
        for (const [second, inSecond] of seconds) {
          expect(second % SECOND).toBe(0);
          expect(inSecond.length).toBeLessThanOrEqual(perSecond);
        }
      }),
    );
  });

  it('gives the present second first, and what nobody took is gone', () => {
    const now = start + 700_000;
    const given = takeTurns(empty, { now, count: 7, perSecond: 3 });
    expect(given.slots.map((turn) => (turn - start) / SECOND)).toEqual([0, 0, 0, 1, 1, 1, 2]);
    const later = takeTurns(given.line, { now: now + 60 * SECOND, count: 1, perSecond: 3 });
    expect(later.slots).toEqual([start + 60 * SECOND]);
  });
});

function play(asks: readonly { after: number; count: number; standing: Standing }[], interval: number) {
  let [line, now] = [empty, start];
  return asks.map(({ after, count, standing }) => {
    now += after;
    const given = takeSlots(line, { now, count, interval, within: SECOND, standing });
    ({ line } = given);
    return { ...given, now, count };
  });
}

it('has an interval for a rate of nothing, too', () => {
  expect(intervalOf(0)).toBe(86_400_000_000);
});
