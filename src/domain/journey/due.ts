import type { Wait } from './plan.ts';

/** A time in which the journey was paused, epoch milliseconds; `to` is null while it still is. */
export interface Pause {
  readonly from: number;
  readonly to: number | null;
}

/**
 * The instant at which waits that began at `since` have passed. A pause freezes relative waits, so that the time that
 * was left is left again when it ends; an absolute one keeps its date. During a pause that is not over, a relative wait
 * that it freezes is not due: the answer is then null.
 * All in epoch milliseconds; pauses in order and not overlapping.
 */
export function dueAfter(since: number, waits: readonly Wait[], pauses: readonly Pause[]): number | null {
  let instant: number | null = since;
  for (const wait of waits) {
    if (instant === null) return null;
    instant = 'until' in wait ? Math.max(instant, wait.until) : afterUnpaused(instant, wait.for, pauses);
  }
  return instant;
}

function afterUnpaused(from: number, duration: number, pauses: readonly Pause[]): number | null {
  let instant = from;
  let left = duration;
  for (const pause of pauses) {
    if (pause.to !== null && pause.to <= instant) continue;
    const running = Math.max(0, pause.from - instant);
    if (running >= left) break;
    if (pause.to === null) return null;
    left -= running;
    instant = Math.max(instant, pause.to);
  }
  return instant + left;
}
