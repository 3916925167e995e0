import { spawn } from 'node:child_process';
import { inject } from 'vitest';
import { freePort } from '../../src/dev/ports.ts';
import { isOnPath, placeFor, type ServerPlace, startOnce } from './sharedServer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The one moto of the run: where it will listen. */
    moto: ServerPlace & { readonly port: number };
  }
}

/** AWS's APIs as moto plays them. */
export interface Moto {
  readonly url: string;
}

/**
 * Whether moto (`pip install 'moto[server]'`), AWS's APIs that run here, can be started. Where `CI=true` it has to be; elsewhere its
 * absence is said aloud and the tests that need it are skipped.
 */
export function hasMoto(): boolean {
  if (isOnPath('moto_server')) return true;
  const advice = "moto_server is missing: pip install 'moto[server,s3,sqs]'";
  if (process.env.CI === 'true') throw new Error(advice);
  process.stderr.write(`SKIPPED: tests against AWS's APIs. ${advice}\n`);
  return false;
}

/** The run's moto, shared by all test files: the first to ask starts it. Name what you make in it for your file. */
export async function startMoto(): Promise<Moto> {
  const { port, ...place } = inject('moto');
  startOnce(place, () => spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' }));
  const url = `http://127.0.0.1:${port}`;
  await answering(url);
  return { url };
}

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const answer = await fetch(`${url}/moto-api/`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`moto did not answer at ${url}`);
}

/** For the run's global setup: a place for moto, and its end. */
export async function placeForMoto(): Promise<{
  readonly place: ServerPlace & { readonly port: number };
  stop(): void;
}> {
  const { place, stop } = placeFor('moto');
  return { place: { ...place, port: await freePort() }, stop };
}
