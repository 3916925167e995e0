/** How fast a channel goes after its provider has throttled it: a share of its limit. */
export interface Speed {
  /** 0 to 1, as it was at `slowedAt`. */
  readonly share: number;
  /** Microseconds since 1970; 0: never. */
  readonly slowedAt: number;
}

const SECOND = 1_000_000;
/** What a throttle leaves of the speed, at most once a second: what is under way when it comes is throttled as well. */
const LEFT_BY_THROTTLE = 0.7;
const SLOWEST = 0.1;
/** What comes back each second: from the slowest to all in a minute and a half. */
const REGAINED_PER_SECOND = 0.01;

/** The share of its limit at which a channel goes now. */
export function speedAt({ share, slowedAt }: Speed, now: number): number {
  return Math.min(1, share + (Math.max(0, now - slowedAt) / SECOND) * REGAINED_PER_SECOND);
}

/** After a throttle. */
export function slowedDown(speed: Speed, now: number): Speed {
  if (now - speed.slowedAt < SECOND) return speed;
  return { share: Math.max(SLOWEST, speedAt(speed, now) * LEFT_BY_THROTTLE), slowedAt: now };
}
