import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { connectionAgents } from '../connection.ts';
import { type AddressGuard, ForbiddenAddressError } from './addressGuard.ts';

/** As much of an answer as is read. */
const MOST_BYTES = 64 * 1024;

export interface HttpQuestion {
  readonly method: 'HEAD' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request, its answer included. */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Null when it was cut off or is longer than 64 KB. */
  readonly body: string | null;
}

/** One request; redirects are answers like any other. Rejects when no answer came: `outcomeOf` tells what that means. */
export type HttpRequest = (question: HttpQuestion) => Promise<HttpAnswer>;

export interface HttpOptions {
  /** Which addresses may be connected to; absent: any. */
  readonly guard?: AddressGuard;
  /** Certificates (PEM) that are trusted in place of the usual ones. */
  readonly ca?: string;
}

/** Requests with connections of their own. They reject with ForbiddenAddressError where the guard says no. */
export function createHttpRequest({ guard, ca }: HttpOptions = {}): HttpRequest {
  const agents = connectionAgents();
  return async ({ method, url, headers, body, signal }) => {
    const isEncrypted = url.protocol === 'https:';
    const address = url.hostname.replace(/^\[|\]$/g, '');
    // an address that is written out is connected to without a lookup
    if (guard && isIP(address) !== 0 && !guard.permits(address, isEncrypted))
      throw new ForbiddenAddressError('the address is forbidden');
    const options = {
      method,
      headers,
      signal,
      ...(guard && { lookup: guard.lookup(isEncrypted) }),
      ...(ca !== undefined && { ca }),
    };
    const request = isEncrypted
      ? https.request(url, { ...options, agent: agents.httpsAgent })
      : http.request(url, { ...options, agent: agents.httpAgent });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.once('error', reject);
      request.end(body);
    });
    // an error after the answer has begun is told by the body
    request.on('error', () => {});
    return { status: response.statusCode ?? 0, headers: response.headers, body: await readBody(response) };
  };
}

async function readBody(response: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MOST_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}
