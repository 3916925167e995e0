import { rmSync } from 'node:fs';

/**
 * A process of its own that outlives the one which started it, however that ended, and clears up after it:
 * `node cleanUpAfter.ts FOLDER [PID]` waits until its standard input closes, ends the process and removes the folder.
 */
const [folder = '', pid] = process.argv.slice(2);
const patienceMs = 60_000;

process.stdin.resume();
process.stdin.once('close', () => {
  if (pid !== undefined) endProcess(Number(pid));
  const closedAt = Date.now();
  // what ends may write and remove files of its own meanwhile
  const timer = setInterval(() => {
    if (isRemoved() || Date.now() > closedAt + patienceMs) clearInterval(timer);
  }, 100);
});

function endProcess(id: number): void {
  try {
    process.kill(id, 'SIGQUIT');
  } catch {
    // it has ended already
  }
}

function isRemoved(): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
