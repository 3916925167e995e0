import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import path from 'node:path';

/** One of Repoint's programs, run as people run it. */
export interface Program {
  readonly child: ChildProcess;
  /** Everything printed so far, stdout and stderr together. */
  output(): string;
  /** Resolves when `text` has been printed; rejects with the whole output when the program ends before. */
  printed(text: string): Promise<void>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

const root = path.resolve(import.meta.dirname, '../..');

/** Runs `node <args>` in the project with this environment beside PATH and HOME, and nothing else of ours. */
export function runProgram(args: readonly string[], env: Record<string, string>): Program {
  return run(process.execPath, args, env);
}

/** Runs `npm <args>` the same way. */
export function runNpm(args: readonly string[], env: Record<string, string>): Program {
  return run('npm', args, env);
}

function run(command: string, args: readonly string[], env: Record<string, string>): Program {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command, args, { cwd: root, env: { PATH, HOME, ...env } });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => output.includes(text) && resolve();
      listeners.add(look);
      look();
      void ended.then((code) =>
        reject(new Error(`ended with ${code} before printing "${text}":\n${output}`)),
      );
    });
  return { child, output: () => output, printed, ended };
}

/** Command lines of the processes in whose command line `text` stands. */
export function processesWith(text: string): string[] {
  const lines = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(text) && !line.includes('ps -A'));
}
