import { ServiceError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { expect, it } from 'vitest';
import { isTemporalAway } from '../../src/client/temporalErrors.ts';

/** What Temporal's client throws for a gRPC status. */
function failure(code: number): Error {
  const cause = Object.assign(new Error('from the server'), { code, details: '', metadata: {} });
  return new ServiceError('Failed', { cause });
}

it.each([
  ['INVALID_ARGUMENT', 3],
  ['FAILED_PRECONDITION', 9],
  ['OUT_OF_RANGE', 11],
  ['UNIMPLEMENTED', 12],
])('takes %s for a fault of the request, which ends among the dead letters', (_, code) => {
  expect(isTemporalAway(failure(code))).toBe(false);
});

it.each([
  ['DEADLINE_EXCEEDED', 4],
  ['PERMISSION_DENIED', 7],
  ['RESOURCE_EXHAUSTED', 8],
  ['INTERNAL', 13],
  ['UNAVAILABLE', 14],
  ['UNAUTHENTICATED', 16],
])('takes %s for an absence, which loses nothing however long it lasts', (_, code) => {
  expect(isTemporalAway(failure(code))).toBe(true);
});

it('takes a missing namespace for an absence', () => {
  expect(isTemporalAway(new NamespaceNotFoundError('missing'))).toBe(true);
});

it('takes an error that is not Temporal’s for a fault of the row', () => {
  expect(isTemporalAway(new RangeError('no step to start with'))).toBe(false);
});
