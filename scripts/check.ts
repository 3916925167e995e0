// `npm run check`: everything that can be said about the code without running its tests. Exit code 1 when a step fails.
import { spawn } from 'node:child_process';
import path from 'node:path';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

const vitest = (...args: string[]) => ['vitest', 'run', '--project', 'unit', ...args];

const steps: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'check', '.'] },
  { name: 'types', command: ['tsc'] },
  { name: 'unused code and packages', command: ['knip'] },
  { name: 'imports go down only', command: vitest('test/architecture.test.ts') },
  { name: 'workflow bundle', command: vitest('test/bundle.test.ts') },
  { name: 'replay of histories', command: vitest('--passWithNoTests', 'test/replay/') },
  { name: 'docs/coverage.md fresh', command: ['node', 'scripts/coverage.ts', '--check'] },
  { name: 'docs/operations.md fresh', command: ['node', 'scripts/settingsTable.ts', '--check'] },
  { name: 'platforms in the lock file', command: ['node', 'scripts/lockPlatforms.ts'] },
];
const atOnce = 2;

interface Result {
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

async function run(step: Step): Promise<Result> {
  const started = performance.now();
  const [program = '', ...args] = step.command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${path.resolve('node_modules/.bin')}${path.delimiter}${process.env.PATH}` },
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  const ok = await new Promise<boolean>((resolve) => {
    child.on('error', (error) => {
      chunks.push(Buffer.from(error.message));
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
  return { ok, output: Buffer.concat(chunks).toString(), seconds: (performance.now() - started) / 1000 };
}

function report(step: Step, result: Result): void {
  console.log(
    `${result.ok ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(28)} ${result.seconds.toFixed(1).padStart(5)} s`,
  );
  if (!result.ok) console.log(`$ ${step.command.join(' ')}\n${result.output}`);
}

const waiting = [...steps];
let failed = 0;
async function takeSteps(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const result = await run(step);
    if (!result.ok) failed += 1;
    report(step, result);
  }
}
await Promise.all(Array.from({ length: atOnce }, takeSteps));
console.log(failed === 0 ? 'check: all is well' : `check: ${failed} of ${steps.length} steps failed`);
process.exitCode = failed === 0 ? 0 : 1;
