import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { freePort } from '../../src/dev/ports.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The one moto of the run: where it will listen, and the folder that tells whether it was started. */
    moto: { readonly port: number; readonly folder: string };
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
  if ((process.env.PATH ?? '').split(path.delimiter).some((folder) => isProgram(folder))) return true;
  const advice = "moto_server is missing: pip install 'moto[server,s3,sqs]'";
  if (process.env.CI === 'true') throw new Error(advice);
  process.stderr.write(`SKIPPED: tests against AWS's APIs. ${advice}\n`);
  return false;
}

function isProgram(folder: string): boolean {
  try {
    accessSync(path.join(folder, 'moto_server'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The run's moto, shared by all test files: the first to ask starts it. Name what you make in it for your file. */
export async function startMoto(): Promise<Moto> {
  const { port, folder } = inject('moto');
  try {
    mkdirSync(folder);
    const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    server.unref();
    writeFileSync(path.join(folder, 'pid'), String(server.pid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
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
  readonly place: { port: number; folder: string };
  stop(): void;
}> {
  const port = await freePort();
  const folder = path.join(tmpdir(), `repoint-moto-${process.pid}-${port}`);
  return {
    place: { port, folder },
    stop: () => {
      const pid = readPid(folder);
      if (pid !== undefined) process.kill(pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function readPid(folder: string): number | undefined {
  try {
    return Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
  } catch {
    return undefined;
  }
}
