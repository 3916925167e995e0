import { execFile, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A server process of ours whose output goes to a file. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process has ended, with what it had printed last. */
  readonly ended: Promise<string>;
  /** Sends `signal`, waits for the end, and kills after ten seconds. */
  stop(signal: NodeJS.Signals): Promise<void>;
  /** It does not keep this process alive any more; it still ends with it. */
  unref(): void;
}

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** Beside our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

const stopTimeoutMs = 10_000;

/**
 * Starts a server in a process group of its own: Ctrl-C in the terminal reaches us only, so we decide the order
 * in which things stop.
 */
export async function startServer(server: ServerCommand): Promise<ServerProcess> {
  const log = openSync(server.logFile, 'a');
  const sizeBefore = statSync(server.logFile).size;
  const env = { ...process.env, ...server.env };
  const options: SpawnOptions = { detached: true, stdio: ['ignore', log, log], windowsHide: true, env };
  if (server.uid !== undefined) Object.assign(options, { uid: server.uid, gid: server.gid });
  const child = spawn(server.command, server.args, options);
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid ?? 0;
  // The last net, for a crash of ours: a server that was stopped has no use for the signal.
  process.once('exit', () => child.kill('SIGTERM'));
  return {
    pid,
    ended: ended.then(() => printedSince(server.logFile, sizeBefore)),
    stop: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
    unref: () => child.unref(),
  };
}

function printedSince(file: string, offset: number): string {
  const length = Math.min(statSync(file).size - offset, 10_000);
  const buffer = Buffer.alloc(Math.max(length, 0));
  const handle = openSync(file, 'r');
  readSync(handle, buffer, 0, buffer.length, offset);
  closeSync(handle);
  return buffer.toString().trim();
}

/**
 * What tells this process from a later one with the same number: the moment it started, as the system writes it.
 * Null when there is no such process, or where the system does not tell (Windows).
 */
export async function processIdentity(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    if (stat === null) return null;
    // The second field is the program's name in parentheses and may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  }
  if (process.platform === 'win32') return null;
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() || null;
}

/** The program that a process runs (`postgres`), or null when there is no such process or the system does not tell. */
export async function programName(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => null);
    return name?.trim() ?? null;
  }
  if (process.platform === 'win32') return null;
  const { stdout } = await run('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim().split('/').at(-1) || null;
}
