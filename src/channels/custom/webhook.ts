import type { SendOutcome } from '../channel.ts';
import { ForbiddenAddressError } from '../http/addressGuard.ts';
import type { HttpAnswer, HttpRequest } from '../http/httpRequest.ts';
import { signatureHeaders } from '../http/webhookSignature.ts';
import { DeadlineError, outcomeOf, retryAfter } from '../outcome.ts';

/** Why a webhook or function did not take a message, in Pinpoint's word. */
export const DELIVERY_FAILURE = 'CUSTOM_DELIVERY_FAILURE';
/** The header by which a webhook shows that it wants what comes from an account. */
const accountHeader = 'X-Amz-Pinpoint-AccountId';

/** What a post came to, and what was answered. */
export interface Posted {
  readonly outcome: SendOutcome;
  /** Null where there is no answer that can be read. */
  readonly body: string | null;
}

/**
 * Asks a webhook by HEAD whether it wants what comes from this account, as Pinpoint does ("Use a webhook"): its answer
 * has to carry the account's id in X-Amz-Pinpoint-AccountId, which our question carries too.
 * @returns null for yes; else why nothing is posted. Nothing was, so whatever may pass by itself is `unreached`.
 */
export async function confirmWebhook(
  send: HttpRequest,
  url: URL,
  accountId: string,
  signal: AbortSignal,
): Promise<SendOutcome | null> {
  const headers = { [accountHeader]: accountId };
  const answer = await attempt(() => send({ method: 'HEAD', url, headers, signal }), signal);
  if ('kind' in answer) return answer.kind === 'unknown' ? { ...answer, kind: 'unreached' } : answer;
  const { status } = answer;
  if (status === 408 || status === 429 || status >= 500)
    return { kind: 'unreached', reason: `the webhook answered HEAD with ${status}` };
  if (isSuccess(status) && answer.headers[accountHeader.toLowerCase()] === accountId) return null;
  const reason = `its answer to HEAD, ${status}, is not a success with ${accountHeader}: ${accountId}`;
  return { kind: 'refused', statusCode: status, code: 'WEBHOOK_NOT_CONFIRMED', reason };
}

export interface Posting {
  readonly messageId: string;
  readonly signal: AbortSignal;
  /** What the payload is signed with; none: it is not signed. */
  readonly secrets: readonly string[];
}

/** Our id without its attempt: a receiver that knows it has the message already. */
function idOf(messageId: string): string {
  return messageId.replace(/-\d+$/, '');
}

/** Posts a payload. A 2xx is a webhook's word that it has it, whatever becomes of the rest of its answer. */
export async function postPayload(
  send: HttpRequest,
  url: URL,
  payload: object,
  { messageId, signal, secrets }: Posting,
): Promise<Posted> {
  const body = JSON.stringify(payload);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...(secrets.length > 0 &&
      signatureHeaders(secrets, idOf(messageId), Math.floor(Date.now() / 1000), body)),
  };
  const answer = await attempt(() => send({ method: 'POST', url, headers, body, signal }), signal);
  if ('kind' in answer) return { outcome: answer, body: null };
  if (isSuccess(answer.status))
    return { outcome: { kind: 'accepted', providerMessageId: messageId }, body: answer.body };
  return { outcome: failure(answer), body: null };
}

/** The answer, or what its absence comes to. */
async function attempt(
  ask: () => Promise<HttpAnswer>,
  signal: AbortSignal,
): Promise<HttpAnswer | SendOutcome> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ForbiddenAddressError) {
      const reason =
        'its address is private, reserved or not encrypted; REPOINT_WEBHOOK_ALLOW allows none such';
      return { kind: 'refused', statusCode: 400, code: DELIVERY_FAILURE, reason };
    }
    return outcomeOf(signal.aborted ? new DeadlineError('no answer in time') : error, true);
  }
}

/** A redirect is not followed: it could lead anywhere. */
function failure({ status, headers }: HttpAnswer): SendOutcome {
  const reason = `the webhook answered ${status}`;
  if (status === 429) return { kind: 'throttled', reason, ...retryAfter(headers['retry-after']) };
  if (status === 408 || status >= 500) return { kind: 'unknown', reason };
  return { kind: 'refused', statusCode: status, code: DELIVERY_FAILURE, reason };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
