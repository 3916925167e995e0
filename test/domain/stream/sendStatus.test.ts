import { describe, expect, it } from 'vitest';
import { statusOfCall, statusOfSkip } from '../../../src/domain/stream/sendStatus.ts';

describe('a call', () => {
  const refused = {
    kind: 'refused',
    statusCode: 400,
    code: 'MessageRejected',
    reason: 'not verified',
  } as const;
  const custom = { ...refused, code: 'CUSTOM_DELIVERY_FAILURE' };
  const throttled = { kind: 'throttled', reason: 'Throttling' } as const;
  const unreached = { kind: 'unreached', reason: 'ECONNREFUSED' } as const;
  const unknown = { kind: 'unknown', reason: '500' } as const;
  it.each([
    [{ kind: 'accepted' } as const, 'SUCCESS', 'SUCCESS', '200'],
    [throttled, 'THROTTLED', 'THROTTLED', '429'],
    [refused, 'FAILURE_PERMANENT', 'FAILURE_PERMANENT', '400'],
    [custom, 'CUSTOM_DELIVERY_FAILURE', 'CUSTOM_DELIVERY_FAILURE', '400'],
    [unreached, 'FAILURE', 'TRANSIENT_FAILURE', undefined],
    [unknown, 'FAILURE', 'UNKNOWN', undefined],
  ])('%j is %s in a journey and %s in a campaign', (outcome, journey, campaign, code) => {
    expect(statusOfCall('journey', outcome)).toMatchObject({ status: journey });
    expect(statusOfCall('campaign', outcome)).toMatchObject({ status: campaign });
    expect(statusOfCall('journey', outcome).code).toBe(code);
  });
});

it.each([
  ['DAILY_CAP', 'DAILY_CAP'],
  ['OUTSIDE_OPEN_HOURS', 'QUIET_TIME'],
  ['NO_ENDPOINT_ON_CHANNEL', 'UNSUPPORTED_CHANNEL'],
  ['DUPLICATE_ADDRESS', 'DUPLICATE_ADDRESS'],
  ['TEMPLATE_MISSING', 'FAILURE_PERMANENT'],
  ['toString', 'FAILURE_PERMANENT'],
])('who was passed over as %s has the status %s, and the reason as its message', (reason, status) => {
  expect(statusOfSkip(reason)).toEqual({ status, message: reason });
});
