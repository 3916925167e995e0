import { createHash } from 'node:crypto';
import type { HttpsStream } from '../../domain/stream/destination.ts';
import { ForbiddenAddressError } from '../http/addressGuard.ts';
import type { HttpAnswer, HttpRequest } from '../http/httpRequest.ts';
import { signatureHeaders } from '../http/webhookSignature.ts';
import { callTimeoutMs } from '../providerCall.ts';
import { allTaken, nothingTaken, type StreamDoor } from './streamDoor.ts';

const limits = { records: 500, bytes: 1_000_000, recordBytes: 1_000_000 };

/**
 * An https endpoint: each call a POST of JSON lines, signed as Standard Webhooks says (`webhook-id`,
 * `webhook-timestamp`, `webhook-signature`). Any 2xx takes the batch; 413 asks for smaller ones; redirects are not
 * followed.
 */
export function httpsStream(send: HttpRequest, appId: string, { url, secret }: HttpsStream): StreamDoor {
  return {
    limits,
    isAtomic: true,
    put: async (items) => {
      const body = Buffer.concat(items.map((item) => item.bytes)).toString('utf8');
      const id = batchId(
        appId,
        items.map((item) => item.id),
      );
      const headers = {
        'content-type': 'application/x-ndjson',
        'content-length': String(Buffer.byteLength(body)),
        ...signatureHeaders([secret], id, Math.floor(Date.now() / 1000), body),
      };
      const signal = AbortSignal.timeout(callTimeoutMs);
      try {
        const answer = await send({ method: 'POST', url: new URL(url), headers, body, signal });
        return answer.status >= 200 && answer.status < 300 ? allTaken(items) : refused(answer);
      } catch (error) {
        return nothingTaken(failureOf(error, signal));
      }
    },
  };
}

/** The same for the same records, so that a receiver knows a batch that it has already. */
function batchId(appId: string, ids: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([appId, ids]))
    .digest('hex')
    .slice(0, 32);
}

function refused({ status }: HttpAnswer) {
  return nothingTaken(`the endpoint answered ${status}`, status === 413);
}

function failureOf(error: unknown, signal: AbortSignal): string {
  if (error instanceof ForbiddenAddressError)
    return 'its address is private, reserved or not encrypted, and not among REPOINT_WEBHOOK_ALLOW';
  if (signal.aborted) return `no answer within ${callTimeoutMs} ms`;
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name ?? 'no connection';
}
