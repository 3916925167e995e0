import type { AddressInfo } from 'node:net';
import type { ServerType } from '@hono/node-server';
import { localUrl } from './domain/localUrl.ts';

export interface Address {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/**
 * Lets a server listen.
 * @returns where a client on the same machine reaches it
 * @throws Error of `node:net` when the address cannot be listened on (`EADDRINUSE`)
 */
export async function listen(server: ServerType, { host, port }: Address): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // What listens on a host and a port has an address of them
  return localUrl(host, (server.address() as AddressInfo).port);
}
