import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

export interface Moto {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Whether moto (`pip install 'moto[server,s3]'`), an S3 API that runs here, can be started. Where `CI=true` it has to be; elsewhere its
 * absence is said aloud and the tests that need it are skipped.
 */
export function hasMoto(): boolean {
  const found = spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status === 0;
  if (found) return true;
  const advice = "moto_server is missing: pip install 'moto[server,s3]'";
  if (process.env.CI === 'true') throw new Error(advice);
  process.stderr.write(`SKIPPED: tests against a real S3 API. ${advice}\n`);
  return false;
}

/** Starts moto on a free port and waits until it answers. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await answering(url, server);
  return {
    url,
    close: async () => {
      if (server.exitCode !== null) return;
      server.kill();
      await once(server, 'exit');
    },
  };
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && server.exitCode === null) {
    const answer = await fetch(`${url}/moto-api/`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  server.kill();
  throw new Error(`moto did not answer at ${url}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
