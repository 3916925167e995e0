import { setTimeout as sleep } from 'node:timers/promises';

/** Waits before an answer is recorded again. With the call itself they stay within the life of a claim. */
const RECORD_AGAIN_MS = [100, 300, 1_000];

/**
 * An answer in hand is not thrown away with a connection to Postgres that was lost: without it the message would be
 * unknown. Recording it twice has to be harmless.
 */
export async function untilRecorded<T>(record: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await record();
    } catch (error) {
      const wait = RECORD_AGAIN_MS[tries];
      if (wait === undefined) throw error;
      await sleep(wait);
    }
  }
}
