import { MINUTE_MS } from '../duration.ts';
import type { LocalClock } from './localTime.ts';

/** No zone changes its offset twice within this time. */
const STEP_MS = 6 * 60 * MINUTE_MS;

/** Time in which a clock runs evenly: from an instant up to another, epoch milliseconds, at one offset (minutes). */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** Cuts a time into stretches at the instants where the clock is put forward or back. It begins on a whole minute. */
export function stretchesOf(clock: LocalClock, from: number, to: number): Stretch[] {
  const stretches: Stretch[] = [];
  let begin = Math.floor(from / MINUTE_MS) * MINUTE_MS;
  let offset = clock.offsetAt(begin);
  for (let instant = begin; instant < to; instant += STEP_MS) {
    const next = Math.min(instant + STEP_MS, to);
    const changed = clock.offsetAt(next);
    if (changed === offset) continue;
    const change = changeBetween(clock, instant, next, offset);
    stretches.push({ from: begin, to: change, offset });
    begin = change;
    offset = changed;
  }
  return [...stretches, { from: begin, to, offset }];
}

/** The first whole minute at which the offset is another than before. */
function changeBetween(clock: LocalClock, from: number, to: number, before: number): number {
  let [low, high] = [Math.floor(from / MINUTE_MS), Math.ceil(to / MINUTE_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (clock.offsetAt(middle * MINUTE_MS) === before) low = middle;
    else high = middle;
  }
  return high * MINUTE_MS;
}
