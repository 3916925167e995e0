import { MINUTE_MS } from '../duration.ts';
import { DAY_MINUTES, dayOf, type LocalClock, localMinutesAt, weekdayOf } from './localTime.ts';
import { type SendingTimes, type Untimely, whyNotAt } from './sendingTimes.ts';
import { type Stretch, stretchesOf } from './stretches.ts';

/** How far ahead an allowed moment is looked for. */
export const HORIZON_MS = 14 * DAY_MINUTES * MINUTE_MS;

/**
 * Whether a message may be sent. `hold`: not before `until` (epoch milliseconds), the first allowed moment.
 * `drop`: there is none within 14 days, or nobody waits for one.
 */
export type TimeVerdict =
  | { readonly is: 'now' }
  | { readonly is: 'hold'; readonly until: number; readonly reason: Untimely }
  | { readonly is: 'drop'; readonly reason: Untimely | 'NO_ALLOWED_TIME' };

/**
 * Judges an instant (epoch milliseconds) by somebody's clock; by several where their zone is one of several: what one of
 * them forbids is forbidden. Without a clock everything is allowed, as in Pinpoint.
 * @param waits false: what may not be sent now is dropped
 */
export function judgeTime(
  times: SendingTimes,
  clocks: readonly LocalClock[],
  now: number,
  waits: boolean,
): TimeVerdict {
  const reason = whyNot(times, clocks, now);
  if (reason === null) return { is: 'now' };
  if (!waits) return { is: 'drop', reason };
  const moments = clocks.flatMap((clock) =>
    stretchesOf(clock, now, now + HORIZON_MS).flatMap((stretch) => turningPoints(times, stretch)),
  );
  const later = moments.filter((instant) => instant > now).sort((a, b) => a - b);
  const until = later.find((instant) => whyNot(times, clocks, instant) === null);
  return until === undefined ? { is: 'drop', reason: 'NO_ALLOWED_TIME' } : { is: 'hold', until, reason };
}

function whyNot(times: SendingTimes, clocks: readonly LocalClock[], instant: number): Untimely | null {
  for (const clock of clocks) {
    const reason = whyNotAt(times, localMinutesAt(instant, clock));
    if (reason !== null) return reason;
  }
  return null;
}

/** The instants of a stretch at which something may become allowed: its beginning, and every end of what forbids. */
function turningPoints(times: SendingTimes, { from, to, offset }: Stretch): number[] {
  const instantOf = (local: number) => (local - offset) * MINUTE_MS;
  const first = dayOf(from / MINUTE_MS + offset);
  const last = dayOf(to / MINUTE_MS + offset);
  const days = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const ends = [...days.flatMap((day) => endsOn(times, day)), ...times.closed.map((closed) => closed.to + 1)];
  return [from, ...ends.map(instantOf).filter((instant) => instant >= from && instant < to)];
}

function endsOn(times: SendingTimes, day: number): number[] {
  const midnight = day * DAY_MINUTES;
  const openings = (times.open?.[weekdayOf(day)] ?? []).map((range) => midnight + range.from);
  return times.quiet === null ? openings : [...openings, midnight + times.quiet.end + 1];
}
