/**
 * A rate as a line of slots, so many microseconds apart, each of which lets one message leave (GCRA). Instants are
 * microseconds since 1970: an interval is then a whole number, and nothing is lost in rounding but speed.
 */
export interface Line {
  /** The first slot that nobody has. */
  readonly nextAt: number;
  /** The first turn that nobody has of those who were told to come back. */
  readonly queueAt: number;
}

/**
 * - behind: goes to the end of the queue where there is one
 * - returning: was told to come now
 * - waiting: waits where it is and asks again; takes no turn in the queue
 * - ahead: the same, and passes the queue, which moves back
 */
export type Standing = 'behind' | 'returning' | 'waiting' | 'ahead';

const queues: ReadonlySet<Standing> = new Set<Standing>(['behind', 'returning']);

export interface Asked {
  readonly now: number;
  readonly count: number;
  readonly interval: number;
  /** How far ahead of `now` a slot may be. */
  readonly within: number;
  readonly standing: Standing;
}

export interface Given {
  readonly slots: readonly number[];
  /** For those without a slot: when to come back. */
  readonly turns: readonly number[];
  readonly line: Line;
}

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;

/** Microseconds between messages at a rate; rounded so that the rate is never passed. A rate of 0 is one message a day. */
export function intervalOf(perSecond: number): number {
  return Math.min(DAY, Math.max(1, Math.ceil(SECOND / perSecond)));
}

/** Gives the next slots that are near enough, and the others a turn to come back, as far apart as slots are. */
export function takeSlots(line: Line, { now, count, interval, within, standing }: Asked): Given {
  const first = Math.max(line.nextAt, now);
  const mustQueue = standing === 'behind' && line.queueAt > now + within;
  const open = mustQueue ? 0 : Math.floor((now + within - first) / interval) + 1;
  const granted = Math.min(count, Math.max(0, open));
  const refused = count - granted;
  const nextAt = granted > 0 ? first + granted * interval : line.nextAt;
  const turn = Math.max(queues.has(standing) ? line.queueAt : 0, nextAt, now + within);
  const moved = standing === 'ahead' && line.queueAt > now ? granted * interval : 0;
  return {
    slots: Array.from({ length: granted }, (_, index) => first + index * interval),
    turns: Array.from({ length: refused }, (_, index) => turn + index * interval),
    line: {
      nextAt,
      queueAt: refused > 0 && queues.has(standing) ? turn + refused * interval : line.queueAt + moved,
    },
  };
}

/**
 * The next `count` turns of a pace, each told as the beginning of its second: no more than `perSecond` fall into one second of
 * the clock, within which they may be used at once. Seconds in which nobody asked are over.
 */
export function takeTurns(
  line: Line,
  { now, count, perSecond }: { now: number; count: number; perSecond: number },
): Given {
  const interval = intervalOf(perSecond);
  const first = Math.max(line.nextAt, secondOf(now));
  const slots = Array.from({ length: count }, (_, index) => secondOf(first + index * interval));
  return { slots, turns: [], line: { ...line, nextAt: first + count * interval } };
}

function secondOf(instant: number): number {
  return Math.floor(instant / SECOND) * SECOND;
}
