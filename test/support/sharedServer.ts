import type { ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where a server of the whole run keeps its files; there from when the first test file has asked for it. */
export interface ServerPlace {
  readonly folder: string;
}

/** Starts a server of the run: the first of all test files to ask does, the others find that it was. */
export function startOnce({ folder }: ServerPlace, start: () => ChildProcess): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  const server = start();
  server.unref();
  writeFileSync(path.join(folder, 'pid'), String(server.pid));
}

/** For the run's global setup: a place for a server, and its end. */
export function placeFor(name: string): { readonly place: ServerPlace; stop(): void } {
  const folder = path.join(tmpdir(), `repoint-${name}-${process.pid}`);
  return {
    place: { folder },
    stop: () => {
      const pid = readPid(folder);
      if (pid !== undefined) process.kill(pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function readPid(folder: string): number | undefined {
  try {
    return Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether a program is on PATH; asking it itself would take as long as using it. */
export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
