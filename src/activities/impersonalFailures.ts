import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { isUserFault, RepointError } from '../domain/errors.ts';
import type { Log } from '../log.ts';

/**
 * Keeps people out of histories when something fails: only error codes and our own texts pass into Temporal; the error
 * with its cause goes to the log. A database's message may quote the row it refused.
 */
export function impersonalFailures(log: Log): ActivityInterceptorsFactory {
  return (context) => ({
    inbound: {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          const failure = toFailure(error);
          const { activityType, attempt, workflowExecution } = context.info;
          if (failure !== error) {
            log.error({ err: error, activityType, attempt, ...workflowExecution }, 'activity failed');
          }
          throw failure;
        }
      },
    },
  });
}

/** Our own failures pass, and the word that an activity is to stop; a RepointError becomes its code, and is not retried where the caller is at fault. */
function toFailure(error: unknown): ApplicationFailure | CancelledFailure {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  const code = error instanceof RepointError ? error.code : 'Internal';
  const failure = ApplicationFailure.create({
    type: code,
    message: `${code}; the worker's log has the cause`,
    nonRetryable: isUserFault(error),
  });
  failure.stack = '';
  return failure;
}
