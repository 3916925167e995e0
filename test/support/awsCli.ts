import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { testKey } from './deps.ts';

const run = promisify(execFile);

/**
 * Whether the `aws` command is there. Tests that need it are mandatory where `CI=true` and skipped elsewhere
 * without it: `describe.skipIf(!awsCliIsThere)`.
 */
export const awsCliIsThere = process.env.CI === 'true' || spawnSync('aws', ['--version']).status === 0;

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
  const { stdout } = await run('aws', [...args, '--endpoint-url', url, '--output', 'json'], {
    env: {
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
    },
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}
