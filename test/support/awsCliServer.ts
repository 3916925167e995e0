import { spawn, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { askLoadedCli, type CliCall, type CliResult } from './loadedCli.ts';
import { placeFor, type ServerPlace, startOnce } from './sharedServer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's AWS CLI is loaded, once a test needs it; null where Python does not have it. */
    awsCli: ServerPlace | null;
  }
}

const socketIn = ({ folder }: ServerPlace) => path.join(folder, 'socket');

const script = path.join(import.meta.dirname, 'awsCliServer.py');

/** For the run's global setup: a place for the loaded CLI, and its end. Version 2 of it brings a Python of its own. */
export function placeForAwsCli(): { readonly place: ServerPlace | null; stop(): void } {
  const isLoadable = spawnSync('python3', ['-c', 'import awscli.clidriver']).status === 0;
  return isLoadable ? placeFor('aws-cli') : { place: null, stop: () => {} };
}

/**
 * Runs the AWS CLI's own code in a fork of a process that has loaded it.
 * @returns null where there is none: call the program
 */
export async function callLoadedCli(call: CliCall): Promise<CliResult | null> {
  const place = inject('awsCli');
  if (place === null) return null;
  const socket = socketIn(place);
  startOnce(place, () => {
    const env = { ...process.env, PYTHONUTF8: '1' };
    return spawn('python3', [script, socket], { stdio: 'ignore', env });
  });
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const answer = await askLoadedCli(socket, call).catch(whileStarting);
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${script} did not answer`);
}

/**
 * Writes an `aws` into a folder with which the PATH of a test's shells can begin: the program's own code, without the
 * second that loading it takes. Where it cannot be loaded, none is written, and the shells find the program itself.
 */
export async function writeAwsProgram(folder: string): Promise<void> {
  const loaded = await callLoadedCli({ args: ['--version'], env: process.env, cwd: process.cwd() });
  const place = inject('awsCli');
  if (loaded === null || place === null) return;
  const words = [
    process.execPath,
    fileURLToPath(new URL('./awsProgram.ts', import.meta.url)),
    socketIn(place),
  ];
  const line = words.map((word) => `"${word}"`).join(' ');
  await writeFile(path.join(folder, 'aws'), `#!/bin/sh\nexec ${line} "$@"\n`, { mode: 0o755 });
}

function whileStarting(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') return null;
  throw error;
}
