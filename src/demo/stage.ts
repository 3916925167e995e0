import { setTimeout as sleep } from 'node:timers/promises';
import { RepointError } from '../domain/errors.ts';
import type { DemoApi } from './demoApi.ts';
import type { DemoMailbox } from './demoMailbox.ts';

/** What every scene of the demo is given. */
export interface Stage {
  readonly api: DemoApi;
  readonly mailbox: DemoMailbox;
  readonly say: (line: string) => void;
  /** Real milliseconds for what must happen; then the demo says what did not. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

const lookEveryMs = 150;

/**
 * Looks until there is an answer.
 * @returns what `look` found; undefined when it found nothing in the stage's patience
 * @throws the signal's reason when the demo is interrupted
 */
export async function lookFor<T>(stage: Stage, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const deadline = Date.now() + stage.patienceMs;
  for (;;) {
    stage.signal.throwIfAborted();
    const found = await look();
    if (found !== undefined || Date.now() > deadline) return found;
    await sleep(lookEveryMs, undefined, { signal: stage.signal }).catch(() => {});
  }
}

/** A member that an answer must have. */
export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RepointError('Internal', `The API answered without ${what}`);
  return value;
}
