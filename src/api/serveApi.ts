import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Deps } from '../deps.ts';
import { type Address, listen } from '../listen.ts';
import { type ApiOptions, createApi } from './createApi.ts';

export interface RunningApi {
  readonly url: string;
  /** Takes no new connections and waits for the requests in flight. */
  close(): Promise<void>;
}

/**
 * Serves the API on a port.
 * @throws RepointError BadRequest when the policy is strict and no access key is set
 * @throws Error of `node:net` when the address cannot be listened on (`EADDRINUSE`)
 */
export async function serveApi(deps: Deps, address: Address, options: ApiOptions = {}): Promise<RunningApi> {
  const api = createApi(deps, options);
  const server = createAdaptorServer({ fetch: api.fetch, overrideGlobalObjects: false }) as Server;
  return { url: await listen(server, address), close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeIdleConnections();
  });
}
