import { isGrpcServiceError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';

/** gRPC statuses that say nothing about the request: the server is away or has too much to do (grpc.io, status codes). */
const absences = new Set([4, 8, 14]);
const NOT_FOUND = 5;

/** Whether a call failed because Temporal could not be reached or would not take it now. */
export function isTemporalAway(error: unknown): boolean {
  const code = grpcCode(error);
  return code !== undefined && absences.has(code);
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
