/** What a provider lets an account send in 24 hours. Instants are microseconds since 1970. */
export interface DailyQuota {
  readonly most: number;
  /** In the last 24 hours: as the provider said last, and what was let go since. */
  readonly sent: number;
}

/** So many were let go in the hour that begins at `at`. */
export interface SentHour {
  readonly at: number;
  readonly sent: number;
}

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
/** AWS says to try again after up to ten minutes. */
const SHORTEST = HOUR / 6;

/** What the provider said was sent in the last 24 hours, and what was let go since; null: it has never said. */
export interface SentCount {
  readonly daySent: number;
  readonly toldAt: number | null;
}

/**
 * What was sent in the last 24 hours, also where the provider has not been heard for long: what is known to have left more than a
 * day ago counts no more, and what the provider said does not either when a day has passed since.
 * @param hours of the two days before `now`
 */
export function sentInDay({ daySent, toldAt }: SentCount, hours: readonly SentHour[], now: number): number {
  if (toldAt === null) return daySent;
  const isOver = ({ at }: SentHour) => at + HOUR <= now - DAY;
  if (toldAt <= now - DAY) return total(hours.filter((hour) => !isOver(hour)));
  const counted = hours.filter(({ at }) => at >= toldAt - DAY);
  return Math.max(0, daySent - total(counted.filter(isOver)));
}

function total(hours: readonly SentHour[]): number {
  return hours.reduce((sum, { sent }) => sum + sent, 0);
}

/** How many more may leave; the last part of the quota, `reserve` (0 to 1) of it, is not for everybody. */
export function roomIn({ most, sent }: DailyQuota, reserve: number): number {
  return Math.max(0, Math.floor(usable(most, reserve) - sent));
}

function usable(most: number, reserve: number): number {
  return most - Math.floor(most * reserve);
}

/**
 * When the quota will let messages go that come at this place (from 0) among those who wait: what was sent a day ago makes
 * room, hour by hour; what no hour explains, as where others send from the same account, evenly over a day. In ten minutes at the
 * earliest and in a day at the latest.
 */
export function quotaTurn(
  quota: DailyQuota,
  { place, reserve, hours, now }: { place: number; reserve: number; hours: readonly SentHour[]; now: number },
): number {
  let needed = Math.max(0, quota.sent - usable(quota.most, reserve)) + place + 1;
  let at = now;
  for (const hour of hours.toSorted((a, b) => a.at - b.at)) {
    const freed = hour.at + DAY;
    if (freed + HOUR <= now) continue;
    if (needed <= hour.sent) return bounded(freed + (needed / hour.sent) * HOUR, now);
    needed -= hour.sent;
    at = Math.max(at, freed + HOUR);
  }
  return bounded(Math.min(at, now + DAY) + (needed * DAY) / Math.max(1, quota.most), now);
}

function bounded(at: number, now: number): number {
  return Math.round(Math.min(now + DAY, Math.max(now + SHORTEST, at)));
}
