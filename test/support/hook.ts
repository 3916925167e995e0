import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSigningKey } from '../../src/channels/mailbox/signingKey.ts';
import { useStarted } from './useStarted.ts';

/** Who the certificate of a webhook of the tests is made out to. */
export const hookName = 'hook.test';

export interface HookRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Respond = (response: ServerResponse, request: HookRequest) => void;

/** Somebody's webhook: a real server with a certificate of its own. */
export interface Hook {
  readonly port: number;
  /** `https://hook.test:port/` */
  readonly url: string;
  readonly certificate: string;
  readonly requests: HookRequest[];
  /** How POSTs are answered from now on. */
  answer(respond: Respond): void;
  /** How HEADs are answered from now on. */
  answerHead(respond: Respond): void;
  close(): Promise<void>;
}

/** Echoes the account, as a webhook that wants the messages does. */
export function confirm(response: ServerResponse, { headers }: HookRequest): void {
  response.setHeader('X-Amz-Pinpoint-AccountId', String(headers['x-amz-pinpoint-accountid'])).end();
}

/** A webhook for the tests of a file. */
export function useHook(options: Parameters<typeof startHook>[0] = {}): Hook {
  return useStarted(
    () => startHook(options),
    (hook) => hook.close(),
  );
}

export async function startHook({ tls = true } = {}): Promise<Hook> {
  const { certificate, privateKey } = createSigningKey(new Date(), hookName);
  const requests: HookRequest[] = [];
  let onPost: Respond = (response) => response.end('{}');
  let onHead: Respond = confirm;
  const listener = async (incoming: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = await incoming.toArray();
    const { method = '', url = '', headers } = incoming;
    const request = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    (method === 'HEAD' ? onHead : onPost)(response, request);
  };
  const handle = (incoming: IncomingMessage, response: ServerResponse) => void listener(incoming, response);
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const server = tls ? https.createServer({ cert: certificate, key }, handle) : http.createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls ? 'https' : 'http'}://${hookName}:${port}/`,
    certificate,
    requests,
    answer: (respond) => {
      onPost = respond;
    },
    answerHead: (respond) => {
      onHead = respond;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
