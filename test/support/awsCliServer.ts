import { spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import { placeFor, type ServerPlace, startOnce } from './sharedServer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's AWS CLI is loaded, once a test needs it; null where Python does not have it. */
    awsCli: ServerPlace | null;
  }
}

export interface CliCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

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
  const socket = path.join(place.folder, 'socket');
  startOnce(place, () => {
    const env = { ...process.env, PYTHONUTF8: '1' };
    return spawn('python3', [script, socket], { stdio: 'ignore', env });
  });
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const answer = await ask(socket, call).catch(whileStarting);
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${script} did not answer`);
}

async function ask(socket: string, call: CliCall): Promise<CliResult> {
  const connection = connect(socket);
  connection.write(`${JSON.stringify(call)}\n`);
  return JSON.parse(await text(connection)) as CliResult;
}

function whileStarting(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') return null;
  throw error;
}
