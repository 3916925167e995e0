import { describe, expect, it } from 'vitest';
import { quotaTurn, roomIn, sentInDay } from '../../../src/domain/rate/dailyQuota.ts';
import { slowedDown, speedAt } from '../../../src/domain/rate/speed.ts';

const HOUR = 3_600_000_000;
const now = 1_000 * HOUR;

describe('a daily quota', () => {
  it('keeps its last part for those who may use it', () => {
    expect(roomIn({ most: 1000, sent: 970 }, 0.02)).toBe(10);
    expect(roomIn({ most: 1000, sent: 990 }, 0.02)).toBe(0);
    expect(roomIn({ most: 1000, sent: 990 }, 0)).toBe(10);
  });

  it('is used by what left within a day, also where the provider has not told it for long', () => {
    const hours = [-30, -26, -20, -2].map((ago) => ({ at: now + ago * HOUR, sent: 10 }));
    const sent = (toldHoursAgo: number) =>
      sentInDay({ daySent: 100, toldAt: now - toldHoursAgo * HOUR }, hours, now);
    expect(sent(0)).toBe(100);
    // what left 26 hours ago was among the 100, what left 30 hours ago was not any more
    expect(sent(5)).toBe(90);
    // the 100 is of no day of ours any more: what is known to have left since is all there is
    expect(sent(24)).toBe(20);
    expect(sentInDay({ daySent: 100, toldAt: null }, hours, now)).toBe(100);
  });

  it('has each come back when what was sent a day ago makes room for as many', () => {
    const hours = [
      { at: now - 20 * HOUR, sent: 100 },
      { at: now - 10 * HOUR, sent: 900 },
    ];
    const turn = (place: number) =>
      quotaTurn({ most: 1000, sent: 1000 }, { place, reserve: 0, hours, now }) - now;
    expect(turn(49)).toBe(4.5 * HOUR);
    expect(turn(99)).toBe(5 * HOUR);
    expect(turn(549)).toBe(14.5 * HOUR);
  });

  it('spreads those for whom no hour explains anything over a day, ten minutes at the least', () => {
    const turn = (place: number) =>
      quotaTurn({ most: 240, sent: 240 }, { place, reserve: 0, hours: [], now }) - now;
    expect(turn(0)).toBe(HOUR / 6);
    expect(turn(119)).toBe(12 * HOUR);
    expect(turn(10_000)).toBe(24 * HOUR);
  });
});

describe('the speed of a channel', () => {
  const full = { share: 1, slowedAt: 0 };
  it('goes down by a throttle, once a second, and never stops', () => {
    const once = slowedDown(full, now);
    expect(once.share).toBe(0.7);
    expect(slowedDown(once, now + 500_000)).toEqual(once);
    let speed = once;
    for (let second = 1; second < 60; second += 1) speed = slowedDown(speed, now + second * 1_000_000);
    expect(speed.share).toBe(0.1);
  });

  it('comes back by itself', () => {
    const slow = { share: 0.1, slowedAt: now };
    expect(speedAt(slow, now + 30_000_000)).toBeCloseTo(0.4);
    expect(speedAt(slow, now + 90_000_000)).toBe(1);
  });
});
