import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What a test said that it measured: the JSON behind the word on a line of its output. */
const word = 'measured ';

/**
 * Runs a test of the suite, bigger than the suite does: what is true of a hundred must be true of a thousand.
 * @returns what it measured
 * @throws Error when it failed; its output was printed
 */
export async function runBigger(
  test: string,
  settings: Readonly<Record<string, number>>,
): Promise<Record<string, number>> {
  const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
  const child = spawn(
    process.execPath,
    [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'service', test],
    { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
      process.stderr.write(chunk);
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${test} failed with ${JSON.stringify(settings)}`);
  const line = output.split('\n').find((one) => one.startsWith(word));
  return line === undefined ? {} : JSON.parse(line.slice(word.length));
}
