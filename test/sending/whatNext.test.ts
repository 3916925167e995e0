import { expect, test } from 'vitest';
import { whatNext } from '../../src/sending/whatNext.ts';

const logical = new Date('2026-03-01T10:00:00Z');
const now = { logical, real: new Date('2026-06-01T00:00:00Z') };
const minutes = (count: number) => new Date(logical.getTime() + count * 60_000);

const message = {
  state: 'unknown',
  class: 'marketing',
  channel_type: 'EMAIL',
  owner_kind: 'entry',
  step: 'Welcome',
  claimed_at: now.real,
  attempted_at: logical,
  created_at: logical,
  held_until: null,
  held_for: null,
  settled_at: null,
  unknown_calls: 1,
} as const;

const next = (change: Partial<Parameters<typeof whatNext>[0]>) =>
  whatNext({ ...message, ...change }, now, 15 * 60_000);

test('an unknown says until when a report is waited for, and whether it is sent once more then', () => {
  const until = "unless its provider's report settles it until 2026-03-01T10:15:00.000Z";
  expect(next({})).toBe(`stays unknown and is not sent again, ${until}`);
  expect(next({ class: 'transactional' })).toBe(`is sent once more, ${until}`);
  expect(next({ class: 'transactional', unknown_calls: 2 })).toBe(
    `stays unknown and is not sent again, ${until}`,
  );
  expect(next({ class: 'transactional', step: 'send-otp' })).toBe(
    `stays unknown and is not sent again, ${until}`,
  );
  expect(next({ settled_at: logical })).toBe("is not sent again; its provider's report still settles it");
});

test('a campaign does not wait for its unknowns', () => {
  expect(next({ owner_kind: 'campaign' })).toContain('until 2026-03-01T10:00:00.000Z');
});

test('a message that has not left says when it goes and why it is held, or who tries again', () => {
  const held = { state: 'queued', held_for: 'QUIET_TIME' } as const;
  expect(next({ ...held, held_until: minutes(30) })).toBe(
    'goes from 2026-03-01T10:30:00.000Z on: QUIET_TIME',
  );
  expect(next({ ...held, held_until: minutes(-1) })).toBe('is tried again');
  expect(next({ state: 'queued', owner_kind: 'request' })).toBe(
    'goes when its request is repeated, within a day',
  );
});

test('a call is under way for twelve seconds of real time, and cut off then', () => {
  expect(next({ state: 'claimed' })).toBe('its call is under way');
  const claimed_at = new Date(now.real.getTime() - 12_000);
  expect(next({ state: 'claimed', claimed_at })).toMatch(/^its call was cut off/);
});

test.each(['delivered', 'failed', 'skipped'] as const)('nothing happens to what is %s', (state) => {
  expect(next({ state })).toBeNull();
});

test('what was sent waits for a report, but for a call, of which nobody reports', () => {
  expect(next({ state: 'sent' })).toBe("its provider's report may tell more");
  expect(next({ state: 'sent', channel_type: 'VOICE' })).toBeNull();
});
