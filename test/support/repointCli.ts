import { execFile } from 'node:child_process';
import path from 'node:path';
import { testKey } from './deps.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `repoint …` as a process of its own, with a test's key and nothing else of the environment. */
export function repoint(args: readonly string[]): Promise<CliResult> {
  const main = path.resolve(import.meta.dirname, '../../bin/repoint.js');
  const env = {
    PATH: process.env.PATH,
    AWS_ACCESS_KEY_ID: testKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: testKey.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}
