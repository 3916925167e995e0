import type { Context } from 'hono';
import { RepointError } from '../domain/errors.ts';
import type { ApiEnv } from './apiEnv.ts';

const bodySizeMaxBytes = 7 * 1024 * 1024;

/**
 * Refuses bodies that are too large. A declared length is enough to judge by; a chunked body is counted while it is
 * read, and kept for whoever asks for it. (Hono's own `bodyLimit` cannot read a request of node-server's that leaves
 * the global `Request` alone.)
 * @throws RepointError PayloadTooLarge
 */
export async function limitBody(context: Context<ApiEnv>, next: () => Promise<void>): Promise<void> {
  const { headers } = context.env.incoming;
  const { raw } = context.req;
  if (headers['transfer-encoding'] === undefined) {
    if (Number(headers['content-length'] ?? 0) > bodySizeMaxBytes) throw tooLarge();
  } else if (raw.body !== null) {
    const body = await readCounted(raw.body);
    context.req.raw = new Request(raw.url, { method: raw.method, headers: raw.headers, body });
  }
  await next();
}

async function readCounted(body: ReadableStream<Uint8Array>): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > bodySizeMaxBytes) throw tooLarge();
      chunks.push(new Uint8Array(chunk));
    }
  } catch (error) {
    throw error instanceof RepointError ? error : incomplete(error);
  }
  return new Blob(chunks);
}

/** What a body that breaks off is answered with, should anybody still listen. */
export function incomplete(cause: unknown): RepointError {
  return new RepointError('BadRequest', 'The connection ended before the body was complete', { cause });
}

function tooLarge(): RepointError {
  return new RepointError('PayloadTooLarge', `The body is larger than ${bodySizeMaxBytes} bytes`);
}
