import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './log.ts';

/** Work that is done for as long as the process lives. */
export interface Loop {
  /** Ends after the work at hand; resolves when it has. */
  stop(): Promise<void>;
}

const AFTER_FAILURE_MS = 1000;
/** While a loop fails in the same way a line is logged so often (real milliseconds): in an outage all loops fail, each second. */
const TELL_EVERY_MS = 60_000;

/**
 * Does `work` again and again: at once while it finds something (it answers how much), after `idleMs` (real
 * milliseconds) when it does not, and after that, but a second at least, when it fails, which is logged and never ends
 * the loop.
 */
export function startLoop(name: string, idleMs: number, log: Log, work: () => Promise<number>): Loop {
  const stopping = new AbortController();
  const failures = createTeller(name, log);
  const turn = async () => {
    try {
      const found = await work();
      failures.over();
      return found > 0 ? 0 : idleMs;
    } catch (error) {
      failures.tell(error);
      return Math.max(AFTER_FAILURE_MS, idleMs);
    }
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      const pause = await turn();
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

/** Logs the failures of a loop: the first, each that is another, one in a while of those that repeat; and their end. */
function createTeller(loop: string, log: Log) {
  let inARow = 0;
  let told = { kind: '', at: 0 };
  return {
    tell: (error: unknown): void => {
      inARow += 1;
      const kind = kindOf(error);
      if (inARow > 1 && kind === told.kind && performance.now() - told.at < TELL_EVERY_MS) return;
      told = { kind, at: performance.now() };
      log.error({ err: error, loop, failures: inARow }, 'a turn failed; trying again');
    },
    over: (): void => {
      if (inARow > 0) log.info({ loop, failures: inARow }, 'turns succeed again');
      inARow = 0;
    },
  };
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return `${error.name} ${String(Reflect.get(error, 'code'))} ${error.message}`;
}
