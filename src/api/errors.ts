import { type ErrorCode, type Problem, RepointError } from '../domain/errors.ts';
import type { Log } from '../log.ts';

/** An error as AWS's clients read it: the type from the header, the rest from the body. */
export interface WireError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  /** What is wrong, one by one, where the message says it in one line. */
  readonly problems?: readonly Problem[];
}

/** Pinpoint's own exceptions, and two it did not have: what is not built, and what is down for a while. */
const wire: Readonly<Record<ErrorCode, { status: number; type: string }>> = {
  BadRequest: { status: 400, type: 'BadRequestException' },
  Forbidden: { status: 403, type: 'ForbiddenException' },
  NotFound: { status: 404, type: 'NotFoundException' },
  MethodNotAllowed: { status: 405, type: 'MethodNotAllowedException' },
  Conflict: { status: 409, type: 'ConflictException' },
  PayloadTooLarge: { status: 413, type: 'PayloadTooLargeException' },
  TooManyRequests: { status: 429, type: 'TooManyRequestsException' },
  Internal: { status: 500, type: 'InternalServerErrorException' },
  NotImplemented: { status: 501, type: 'NotImplementedException' },
  Unavailable: { status: 503, type: 'ServiceUnavailableException' },
};

/**
 * Translates whatever was thrown. What is not a RepointError is a fault of ours: the caller learns only that,
 * and the log gets the cause.
 */
export function translateError(error: unknown, log: Log, requestId: string): WireError {
  if (error instanceof RepointError) {
    const { status, type } = wire[error.code];
    if (status >= 500 && status !== 501) log.error({ requestId, err: error }, 'request failed');
    const problems = error.problems.length === 0 ? {} : { problems: error.problems };
    return { status, type, message: error.message, ...problems };
  }
  log.error({ requestId, err: error }, 'request failed');
  return { ...wire.Internal, message: 'Repoint failed to answer; its log says why under this request id' };
}
