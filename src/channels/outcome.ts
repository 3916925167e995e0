import type { SendOutcome } from './channel.ts';
import { failedToConnect } from './connection.ts';

/** Not about this message and gone by itself: the account's rate, quota or a pause. */
const laterNames = new Set([
  'AccountSuspendedException',
  'LimitExceededException',
  'RequestThrottled',
  'RequestThrottledException',
  'SendingPausedException',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

const pausedNames = new Set(['AccountSuspendedException', 'SendingPausedException']);

/** Our credentials or clock, which the SDK or the operator renews: the message was not looked at. */
const renewableNames = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/** The whole call took longer than we wait. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

interface ProviderFailure {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly statusCode: number | undefined;
  readonly retryAfter: string | undefined;
}

/**
 * What a failed provider call came to. Whatever is not certain is `unknown`, never "not sent".
 * @param left whether the request was handed to the network at all
 */
export function outcomeOf(error: unknown, left: boolean): SendOutcome {
  const failure = readFailure(error);
  const reason = failure.code ?? failure.name;
  if (!left) return neverLeft(error, failure, reason);
  if (failedToConnect(error)) return { kind: 'unreached', reason };
  const { statusCode } = failure;
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) {
    return { kind: 'unknown', reason: statusCode === undefined ? reason : `${statusCode} ${failure.name}` };
  }
  // A gateway may answer 408 for a request that it had passed on.
  if (statusCode === 408) return { kind: 'unknown', reason: `408 ${failure.name}` };
  if (statusCode === 429 || laterNames.has(failure.name)) {
    return {
      kind: 'throttled',
      reason: failure.name,
      ...limitOf(failure),
      ...retryAfter(failure.retryAfter),
    };
  }
  if (renewableNames.has(failure.name)) return { kind: 'unreached', reason: failure.name };
  return { kind: 'refused', statusCode, code: failure.name, reason: failure.message };
}

/** SES says both of its limits with one name, and which it is in words: `Daily message quota exceeded`. */
function limitOf({ name, message }: ProviderFailure): { limit?: 'DAILY_QUOTA' | 'SENDING_PAUSED' } {
  if (/\bdaily\b.*\bquota\b/i.test(message)) return { limit: 'DAILY_QUOTA' };
  return pausedNames.has(name) ? { limit: 'SENDING_PAUSED' } : {};
}

function neverLeft(error: unknown, failure: ProviderFailure, reason: string): SendOutcome {
  if (error instanceof DeadlineError || renewableNames.has(failure.name))
    return { kind: 'unreached', reason };
  // The SDK could not even write it: it will never be able to.
  return { kind: 'refused', statusCode: 400, code: failure.name, reason: failure.message };
}

/** A provider that asks for longer is asked again after this: its limits may have been raised meanwhile. */
const longestDelayMs = 3_600_000;

/** `Retry-After` in milliseconds, an hour at most: seconds or an HTTP date; nothing when it is neither. */
export function retryAfter(value: string | undefined, now: number = Date.now()): { retryAfterMs?: number } {
  if (value === undefined) return {};
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? { retryAfterMs: Math.min(longestDelayMs, Math.max(0, ms)) } : {};
}

function readFailure(error: unknown): ProviderFailure {
  if (!(error instanceof Error)) {
    return { name: 'UnknownError', message: String(error), statusCode: undefined, retryAfter: undefined };
  }
  const { code, $metadata, $response } = error as Error & {
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
    $response?: { headers?: Record<string, string>; statusCode?: number };
  };
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    statusCode: $metadata?.httpStatusCode ?? $response?.statusCode,
    retryAfter: $response?.headers?.['retry-after'],
  };
}
