import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';

const connectTimeoutMs = 3_000;
/** Shorter than what load balancers keep an idle connection for: a reused one is rarely about to be closed. */
const idleMs = 4_000;

const beforeConnection = new WeakSet<object>();

/** Whether an error came before the connection stood (DNS, connect, TLS): then no byte of the request has left. */
export function failedToConnect(error: unknown): boolean {
  return typeof error === 'object' && error !== null && beforeConnection.has(error);
}

/** Agents for a provider's client whose connection errors `failedToConnect` recognises. */
export function connectionAgents(): { httpAgent: http.Agent; httpsAgent: https.Agent } {
  const options = { keepAlive: true, maxSockets: 200, timeout: idleMs, scheduling: 'lifo' } as const;
  return { httpAgent: new PlainAgent(options), httpsAgent: new TlsAgent(options) };
}

type CreateConnection = http.Agent['createConnection'];

class PlainAgent extends http.Agent {
  override createConnection(...args: Parameters<CreateConnection>): ReturnType<CreateConnection> {
    return watch(super.createConnection(...args), 'connect');
  }
}

class TlsAgent extends https.Agent {
  override createConnection(...args: Parameters<CreateConnection>): ReturnType<CreateConnection> {
    return watch(super.createConnection(...args), 'secureConnect');
  }
}

function watch(socket: Duplex | null | undefined, established: 'connect' | 'secureConnect') {
  if (!socket) return socket;
  const timer = setTimeout(
    () => socket.destroy(new Error(`no connection within ${connectTimeoutMs} ms`)),
    connectTimeoutMs,
  );
  const onError = (error: Error) => beforeConnection.add(error);
  socket.once('error', onError);
  socket.once('close', () => clearTimeout(timer));
  socket.once(established, () => {
    clearTimeout(timer);
    socket.off('error', onError);
  });
  return socket;
}
