import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a slot (`performance.now()`); not at all where there is none or it has come. */
export async function untilSlot(slot: number | undefined): Promise<void> {
  const left = (slot ?? 0) - performance.now();
  if (left > 0) await sleep(left);
}
