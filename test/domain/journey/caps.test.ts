import { describe, expect, it } from 'vitest';
import type { AppSettings } from '../../../src/domain/appSettings.ts';
import { capsOf, perSecondOf } from '../../../src/domain/journey/caps.ts';
import type { JourneyLimits } from '../../../src/domain/journey/document.ts';

const day = 86_400_000;

function caps(Limits: JourneyLimits | undefined, app: AppSettings = {}) {
  return capsOf({ Name: 'Caps', ...(Limits && { Limits }) }, app);
}

describe('the caps of a journey', () => {
  it('are its own', () => {
    expect(caps({ DailyCap: 1, TotalCap: 2, TimeframeCap: { Cap: 3, Days: 7 } })).toEqual([
      { reason: 'DAILY_CAP', most: 1, of: 'this journey', withinMs: day },
      { reason: 'TOTAL_CAP', most: 2, of: 'this journey', withinMs: null },
      { reason: 'TIMEFRAME_CAP', most: 3, of: 'all journeys', withinMs: 7 * day },
    ]);
  });

  it("are the app's where it has none, each for itself; the app's count all journeys in a day", () => {
    const app = { JourneyLimits: { DailyCap: 4, TotalCap: 5, TimeframeCap: { Cap: 6, Days: 1 } } };
    expect(caps({ TotalCap: 2 }, app)).toEqual([
      { reason: 'DAILY_CAP', most: 4, of: 'all journeys', withinMs: day },
      { reason: 'TOTAL_CAP', most: 2, of: 'this journey', withinMs: null },
      { reason: 'TIMEFRAME_CAP', most: 6, of: 'all journeys', withinMs: day },
    ]);
    expect(caps(undefined, { Limits: { Daily: 9, Total: 9 } })).toEqual([
      { reason: 'DAILY_CAP', most: 9, of: 'journeys and campaigns', withinMs: day },
    ]);
  });

  it('are none where the journey says 0, whatever the app says', () => {
    const app = { JourneyLimits: { DailyCap: 4, TotalCap: 5, TimeframeCap: { Cap: 6, Days: 1 } } };
    expect(caps({ DailyCap: 0, TotalCap: 0, TimeframeCap: { Cap: 0, Days: 0 } }, app)).toEqual([]);
    expect(caps({ TimeframeCap: { Cap: 3 } })).toEqual([]);
  });
});

it("a journey's rate is its own, else the app's, and 0 is none", () => {
  const app = { Limits: { MessagesPerSecond: 50 } };
  expect(perSecondOf({ Name: 'R', Limits: { MessagesPerSecond: 5 } }, app)).toBe(5);
  expect(perSecondOf({ Name: 'R' }, app)).toBe(50);
  expect(perSecondOf({ Name: 'R', Limits: { MessagesPerSecond: 0 } }, app)).toBeNull();
  expect(perSecondOf({ Name: 'R' }, {})).toBeNull();
});
