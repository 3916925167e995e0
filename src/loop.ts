import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './log.ts';

/** Work that is done for as long as the process lives. */
export interface Loop {
  /** Ends after the work at hand; resolves when it has. */
  stop(): Promise<void>;
}

const AFTER_FAILURE_MS = 1000;

/**
 * Does `work` again and again: at once while it finds something (it answers how much), after `idleMs` (real
 * milliseconds) when it does not, and after that, but a second at least, when it fails, which is logged and never ends
 * the loop.
 */
export function startLoop(name: string, idleMs: number, log: Log, work: () => Promise<number>): Loop {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      const pause = await turn(name, idleMs, log, work);
      if (pause > 0) await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const ended = run();
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}

async function turn(name: string, idleMs: number, log: Log, work: () => Promise<number>): Promise<number> {
  try {
    return (await work()) > 0 ? 0 : idleMs;
  } catch (error) {
    log.error({ err: error, loop: name }, 'a turn failed; trying again');
    return Math.max(AFTER_FAILURE_MS, idleMs);
  }
}
