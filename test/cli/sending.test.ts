import { expect, it } from 'vitest';
import { channelLines } from '../../src/cli/sending.ts';

const channel = {
  Channel: 'EMAIL',
  Limit: 14,
  MessagesPerSecond: 13.3,
  PausedFor: null,
  DailyQuota: 50_000,
  SentLast24Hours: 812,
  IsSandbox: false,
  LimitsReadAt: '2026-07-01T12:00:00.000Z',
  LimitsFailure: null,
  Held: {},
} as const;

it('tells how fast a channel may send, and how much of its daily quota is used', () => {
  expect(channelLines(channel)).toEqual(['EMAIL  13.3 of 14 a second, 812 of 50000 in 24 hours']);
});

it('tells why a channel is paused, who waits for it, and that the limits are old', () => {
  const lines = channelLines({
    ...channel,
    PausedFor: 'DAILY_QUOTA',
    SentLast24Hours: 50_000,
    IsSandbox: true,
    LimitsFailure: 'GetAccount: AccessDeniedException',
    Held: { DAILY_QUOTA: 31 },
  });
  expect(lines).toEqual([
    'EMAIL  paused: DAILY_QUOTA, 50000 of 50000 in 24 hours',
    "       the account is in SES's sandbox",
    '       limits as of 2026-07-01T12:00:00.000Z: GetAccount: AccessDeniedException',
    '       31 held: DAILY_QUOTA',
  ]);
});

it('tells for whom the last part of a quota is', () => {
  const lines = channelLines({ ...channel, PausedFor: 'DAILY_QUOTA', SentLast24Hours: 49_000 });
  expect(lines).toContain('       the last 1000 are for transactional messages');
});

it('tells that SES has not told its limits, and why', () => {
  const untold = { ...channel, DailyQuota: null, SentLast24Hours: null, LimitsReadAt: null };
  expect(channelLines(untold)).toEqual([
    'EMAIL  13.3 of 14 a second',
    '       the limit is assumed: SES has not told it yet',
  ]);
  const [, why] = channelLines({ ...untold, LimitsFailure: 'GetAccount: AccessDeniedException' });
  expect(why).toMatch(/not told it yet: GetAccount: AccessDeniedException$/);
  expect(channelLines({ ...untold, Channel: 'SMS' })).toEqual(['SMS    13.3 of 14 a second']);
});

it('tells why a channel is slower than it may be', () => {
  expect(channelLines({ ...channel, MessagesPerSecond: 6.5 })).toContain(
    '       slowed down: its provider throttles',
  );
});
