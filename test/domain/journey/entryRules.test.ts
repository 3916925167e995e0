import { describe, expect, it } from 'vitest';
import {
  entryRules,
  nextRefresh,
  refreshEvery,
  refuseReentry,
} from '../../../src/domain/journey/entryRules.ts';

const hour = 3_600_000;
const journey = (more: object) => ({ Name: 'Journey', ...more });

describe('entryRules', () => {
  it('lets everybody in once where nothing is said, without limit for 0', () => {
    expect(entryRules(journey({}), 1)).toEqual({ most: 1, intervalMs: 0 });
    expect(entryRules(journey({ Limits: { EndpointReentryCap: 0 } }), 1).most).toBe(Number.POSITIVE_INFINITY);
  });

  it('divides the interval by the time scale', () => {
    const Limits = { EndpointReentryCap: 3, EndpointReentryInterval: 'PT2H' };
    expect(entryRules(journey({ Limits }), 4)).toEqual({ most: 3, intervalMs: hour / 2 });
  });
});

describe('refuseReentry', () => {
  const rules = { most: 2, intervalMs: hour };

  it.each([
    ['never there', { count: 0, isInside: false, leftAt: null }, null],
    ['inside', { count: 1, isInside: true, leftAt: null }, 'ACTIVE_ENDPOINT_REJECTED'],
    [
      'inside, and there as often as allowed',
      { count: 2, isInside: true, leftAt: 0 },
      'ACTIVE_ENDPOINT_REJECTED',
    ],
    ['there as often as allowed', { count: 2, isInside: false, leftAt: 0 }, 'REENTRY_CAP_EXCEEDED'],
    [
      'left too short a time ago',
      { count: 1, isInside: false, leftAt: 9 * hour + 1 },
      'REENTRY_CAP_EXCEEDED',
    ],
    ['left just long enough ago', { count: 1, isInside: false, leftAt: 9 * hour }, null],
  ] as const)('%s: %s', (_, past, refusal) => {
    expect(refuseReentry(rules, past, 10 * hour)).toBe(refusal);
  });
});

describe('refreshes', () => {
  it('come at whole intervals from the start, however late the run before was', () => {
    expect(nextRefresh(0, 0, 12)).toBe(12);
    expect(nextRefresh(0, 13, 12)).toBe(24);
    expect(nextRefresh(5, 5 + 12, 12)).toBe(29);
  });

  it('that were missed come as one', () => {
    expect(nextRefresh(0, 100, 12)).toBe(108);
  });

  it('are divided by the time scale, and none without a frequency', () => {
    expect(refreshEvery(journey({ RefreshFrequency: 'P1D' }), 24)).toBe(hour);
    expect(refreshEvery(journey({}), 1)).toBeNull();
  });
});
