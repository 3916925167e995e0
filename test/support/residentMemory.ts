import { execFileSync } from 'node:child_process';

/** Megabytes of memory that a process has now; 0 for one that has ended. */
export function residentMegabytes(pid: number): number {
  try {
    return Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])) / 1024);
  } catch {
    return 0;
  }
}
