import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { impersonalFailures } from '../../src/activities/impersonalFailures.ts';
import { RepointError } from '../../src/domain/errors.ts';
import { createLog } from '../../src/log.ts';

const context = {
  info: { activityType: 'sendEmail', attempt: 1, workflowExecution: { workflowId: 'w', runId: 'r' } },
};

/** What reaches Temporal of an activity that throws. */
async function passed(thrown: unknown): Promise<unknown> {
  const { inbound } = impersonalFailures(createLog('silent'))(context as unknown as Context);
  const input = { args: [], headers: {} };
  return await inbound?.execute?.(input, () => Promise.reject(thrown)).catch((error: unknown) => error);
}

describe('impersonalFailures', () => {
  it('lets nothing of an error through that may quote a row', async () => {
    const failure = await passed(new Error('Key (address)=(somebody@example.com) already exists'));
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('somebody');
    expect(failure).toMatchObject({ type: 'Internal', nonRetryable: false });
  });

  it('passes the code of our own errors and retries only what is not the caller’s fault', async () => {
    const user = await passed(new RepointError('NotFound', 'endpoint somebody@example.com'));
    expect(user).toMatchObject({ type: 'NotFound', nonRetryable: true });
    expect(JSON.stringify(user, Object.getOwnPropertyNames(user))).not.toContain('somebody');
    expect(await passed(new RepointError('Unavailable', 'away'))).toMatchObject({ nonRetryable: false });
  });

  it('leaves the failures of activities as they are', async () => {
    const failure = ApplicationFailure.create({ type: 'Throttled', message: 'the provider throttles' });
    expect(await passed(failure)).toBe(failure);
  });
});
