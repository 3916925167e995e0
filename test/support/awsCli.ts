import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { callLoadedCli } from './awsCliServer.ts';
import { testKey } from './deps.ts';
import { isOnPath } from './sharedServer.ts';

const run = promisify(execFile);

/**
 * Whether the `aws` command is there. Tests that need it are mandatory where `CI=true` and skipped elsewhere
 * without it: `describe.skipIf(!awsCliIsThere)`.
 */
export const awsCliIsThere = process.env.CI === 'true' || isOnPath('aws');

/**
 * Runs the real AWS CLI against an address: `aws(url, ['pinpoint', 'get-apps'])`.
 * @returns what it printed, parsed; `undefined` when it printed nothing
 * @throws Error with the CLI's own message when it fails
 */
export async function aws(
  url: string,
  args: readonly string[],
  // biome-ignore lint/suspicious/noExplicitAny: the CLI prints whatever JSON the operation answers
): Promise<any> {
  return parsed((await runAws(url, args)).stdout);
}

/** The same with the HTTP status of the answer, which the CLI tells only in its debug log. */
export async function awsWithStatus(
  url: string,
  args: readonly string[],
): Promise<{ status: number; output: unknown }> {
  const { stdout, stderr } = await runAws(url, [...args, '--debug']).catch((error: unknown) => {
    const { stderr: log = '' } = error as { stderr?: string };
    throw new Error(log.slice(log.lastIndexOf('\n\n')).trim(), { cause: 'the CLI failed' });
  });
  const status = /HTTP\/1\.1" (\d{3}) /.exec(stderr)?.[1];
  if (status === undefined) throw new Error('the CLI logged no status');
  return { status: Number(status), output: parsed(stdout) };
}

/** The program's own code, or the program itself where that cannot be loaded. */
async function runAws(url: string, given: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const args = [...given, '--endpoint-url', url, '--output', 'json'];
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_ACCESS_KEY_ID: testKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: testKey.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  };
  const result = await callLoadedCli({ args, env, cwd: process.cwd() });
  if (result === null) return await run('aws', args, { env, maxBuffer: 16 * 1024 * 1024 });
  if (result.code === 0) return result;
  throw Object.assign(new Error(`aws ended with ${result.code}: ${result.stderr}`), result);
}

function parsed(stdout: string): unknown {
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}
