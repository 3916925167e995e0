/**
 * What can go wrong, by whose fault. `user`: the caller can mend it (4xx, never retried);
 * `system`: ours (5xx, logged with its cause, retried).
 */
export const errorCodes = {
  BadRequest: 'user',
  Forbidden: 'user',
  NotFound: 'user',
  MethodNotAllowed: 'user',
  Conflict: 'user',
  PayloadTooLarge: 'user',
  TooManyRequests: 'user',
  NotImplemented: 'user',
  Internal: 'system',
  Unavailable: 'system',
} as const satisfies Record<string, 'user' | 'system'>;

export type ErrorCode = keyof typeof errorCodes;

/** One thing wrong in a document: where (`Activities.Check.ConditionalSplit.TrueActivity`) and what, given and allowed. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** The one error class of Repoint. Each edge (API, activity, CLI) translates it once. */
export class RepointError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RepointError';
    this.code = code;
    this.problems = options.problems ?? [];
  }
}

/** Whether the caller is at fault, and can mend it. */
export function isUserFault(error: unknown): error is RepointError {
  return error instanceof RepointError && errorCodes[error.code] === 'user';
}

/** A 400 that names every problem at once, each with its path. */
export function badRequest(problems: readonly Problem[]): RepointError {
  return new RepointError('BadRequest', inOneLine(problems), { problems });
}

function inOneLine(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
}

/** @throws RepointError BadRequest naming every problem, where there is one */
export function refuseAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw badRequest(problems);
}

/** What `parse` reads; undefined where it refuses, with its problems added to those of others. */
export function collect<T>(problems: Problem[], parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RepointError) || error.problems.length === 0) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/** A 501 that names every feature that was asked for and is not built, each with its path. */
export function notImplemented(features: readonly Problem[]): RepointError {
  return new RepointError('NotImplemented', inOneLine(features), { problems: features });
}

/** A 404 in Pinpoint's usual words, naming what was looked for. */
export function notFound(what: string): RepointError {
  return new RepointError('NotFound', `Resource not found: ${what}`);
}
