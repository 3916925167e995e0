import { isGrpcServiceError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';

/**
 * gRPC statuses that are about the request itself: sent again, it fails again (grpc.io, status codes; Temporal gives
 * the first for what is too large or malformed). All others (away, overloaded, a key that expired) pass, or an operator
 * mends them.
 */
const refusals = new Set([
  3, // INVALID_ARGUMENT
  9, // FAILED_PRECONDITION
  11, // OUT_OF_RANGE
  12, // UNIMPLEMENTED
]);
const NOT_FOUND = 5;

/** Whether a call failed because Temporal, or our namespace or access there, is away: no fault of what was sent. */
export function isTemporalAway(error: unknown): boolean {
  if (error instanceof NamespaceNotFoundError) return true;
  const code = grpcCode(error);
  return code !== undefined && !refusals.has(code);
}

/** Whether the workflow is closed or was never there. */
export function isWorkflowGone(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || grpcCode(error) === NOT_FOUND;
}

/** A reason without anything personal: the kind of error and its gRPC status. */
export function reasonOf(error: unknown): string {
  const code = grpcCode(error);
  const name = error instanceof Error ? error.name : typeof error;
  return code === undefined ? name : `${name} (gRPC ${code})`;
}

function grpcCode(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  if (error instanceof ServiceError) return grpcCode(error.cause);
  return undefined;
}
