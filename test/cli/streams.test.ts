import { expect, it } from 'vitest';
import { streamLines } from '../../src/cli/streams.ts';

const status = {
  DestinationStreamArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/events',
  State: 'SENDING',
  LagSeconds: 0,
  Waiting: 0,
  Delivered: 812,
  LastDeliveredAt: '2026-07-01T12:00:00.000Z',
  Failures: 0,
  LastError: null,
  NextTryAt: null,
  Skipped: 0,
  LastSkip: null,
  Dropped: 0,
  LastDroppedAt: null,
} as const;

it('tells in one line where a stream goes and how much waits', () => {
  expect(streamLines('shop', status)).toEqual([
    'shop  SENDING to arn:aws:kinesis:us-east-1:123456789012:stream/events  lag 0 s, 0 waiting, 812 delivered',
  ]);
});

it('tells why a stream fails, when it is tried again, and what was lost', () => {
  const lines = streamLines('shop', {
    ...status,
    State: 'FAILING',
    LagSeconds: 4000,
    Waiting: 100_000,
    WaitingIsAtLeast: true,
    Failures: 12,
    LastError: 'ResourceNotFoundException: Stream events not found',
    NextTryAt: '2026-07-01T12:01:00.000Z',
    Skipped: 2,
    LastSkip: 'the record has 2000000 bytes; the far end takes 1047552',
    Dropped: 5,
    LastDroppedAt: '2026-07-01T11:00:00.000Z',
  });
  expect(lines[0]).toContain('FAILING');
  expect(lines[0]).toMatch(/lag 4000 s, 100000 or more waiting, 812 delivered$/);
  expect(lines.slice(1)).toEqual([
    '  failed for 12 turns: ResourceNotFoundException: Stream events not found; next try 2026-07-01T12:01:00.000Z',
    '  2 skipped, the latest because: the record has 2000000 bytes; the far end takes 1047552',
    '  5 given up, the latest at 2026-07-01T11:00:00.000Z',
  ]);
});
