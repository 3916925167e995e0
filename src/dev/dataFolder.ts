import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RepointError } from '../domain/errors.ts';
import { processIdentity } from './processes.ts';

/** The folder in which the embedded stack keeps its data, held by one stack at a time. */
export interface DataFolder {
  readonly path: string;
  /** Writes down a server process of ours, so that the next start can end it if this one is killed. */
  record(pid: number): Promise<void>;
  release(): Promise<void>;
}

interface Running {
  readonly pid: number;
  readonly identity: string | null;
}

/** The first is the stack itself, the others its servers. */
type RunFile = readonly Running[];

const leftoverTimeoutMs = 10_000;

/**
 * Takes the folder, creating it, and ends servers that a killed stack left behind there.
 * @throws RepointError Conflict when a living stack holds it
 */
export async function claimDataFolder(folder: string): Promise<DataFolder> {
  const absolute = path.resolve(folder);
  const file = path.join(absolute, 'running.json');
  await mkdir(path.join(absolute, 'logs'), { recursive: true });
  const [stack, ...servers] = await readRunFile(file);
  if (stack !== undefined && (await isAlive(stack))) {
    throw new RepointError(
      'Conflict',
      `Repoint already runs on ${absolute} (process ${stack.pid}). Stop it, or set REPOINT_DATA_DIR to another folder.`,
    );
  }
  for (const server of servers) await end(server);

  const running: Running[] = [];
  // Servers start side by side: one write after the other, or one would rename the other's file away.
  let written = Promise.resolve();
  const record = async (pid: number) => {
    running.push({ pid, identity: await processIdentity(pid) });
    const write = written.then(() => replaceFile(file, JSON.stringify(running)));
    written = write.catch(() => {});
    await write;
  };
  await record(process.pid);
  return { path: absolute, record, release: () => rm(file, { force: true }) };
}

async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

async function readRunFile(file: string): Promise<RunFile> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return [];
  }
}

async function isAlive({ pid, identity }: Running): Promise<boolean> {
  return identity !== null && (await processIdentity(pid)) === identity;
}

async function end(server: Running): Promise<void> {
  const deadline = Date.now() + leftoverTimeoutMs;
  if (await isAlive(server)) process.kill(server.pid, 'SIGINT');
  while (await isAlive(server)) {
    if (Date.now() > deadline) process.kill(server.pid, 'SIGKILL');
    await sleep(50);
  }
}
