import { request as httpRequest } from 'node:http';
import { GetAppsCommand, PinpointClient } from '@aws-sdk/client-pinpoint';
import { testKey } from './deps.ts';

/** A request as it goes over the wire; the target is sent as it stands. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What a client's signature is made with. */
export interface Signer {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  /** The client's clock minus ours. */
  readonly clockOffsetMs?: number;
}

/** What the SDK hands to its HTTP handler. */
interface HandedOver {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, unknown>;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** The request that the SDK's own client makes and signs, caught before it leaves. */
export async function signedBySdk(
  url: string,
  send: (client: PinpointClient) => Promise<unknown>,
  signer: Signer = {},
): Promise<WireRequest> {
  let caught: WireRequest | undefined;
  const { clockOffsetMs = 0, ...key } = signer;
  const client = new PinpointClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { ...testKey, ...key },
    maxAttempts: 1,
    systemClockOffset: clockOffsetMs,
    requestHandler: {
      handle: async ({ method, path, query, headers, body }: HandedOver) => {
        caught = {
          method,
          target: path + queryString(query),
          headers,
          body: typeof body === 'string' ? body : new TextDecoder().decode(body),
        };
        throw new Error('caught');
      },
    },
  });
  const failure = await send(client).catch((error: unknown) => error);
  if (caught === undefined) throw failure;
  return caught;
}

/** Any request of our own making, signed by the SDK's signer: its path and body are set before it signs. */
export async function signedRaw(
  url: string,
  wire: Pick<WireRequest, 'method' | 'target'> & { readonly body?: string },
): Promise<WireRequest> {
  const [path = '', search = ''] = wire.target.split('?');
  return await signedBySdk(url, (client) => {
    client.middlewareStack.add(
      (next) => (args) => {
        const body = wire.body ?? '';
        const query = Object.fromEntries(new URLSearchParams(search));
        Object.assign(args.request as object, { method: wire.method, path, query, body });
        return next(args);
      },
      { step: 'build', priority: 'high' },
    );
    return client.send(new GetAppsCommand({}));
  });
}

/** Signs a request of our own making and sends it. */
export async function callSigned(url: string, wire: Parameters<typeof signedRaw>[1]): Promise<WireAnswer> {
  return await sendRaw(url, await signedRaw(url, wire));
}

function queryString(query: Record<string, unknown> = {}): string {
  const pairs = Object.entries(query).flatMap(([key, values]) =>
    [values].flat().map((value) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Sends a request byte for byte: nothing is normalised on the way. */
export function sendRaw(url: string, wire: Partial<WireRequest>): Promise<WireAnswer> {
  const { hostname, port } = new URL(url);
  const { method = 'GET', target = '/', headers = {}, body = '' } = wire;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, method, path: target, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
