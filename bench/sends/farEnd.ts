import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FarEnd {
  readonly url: string;
  close(): Promise<void>;
}

/** The smallest SES there can be: it accepts whatever comes. */
export async function startFarEnd(): Promise<FarEnd> {
  let accepted = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      accepted += 1;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ MessageId: `accepted-${accepted}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
