import { IANAZone } from 'luxon';
import { MINUTE_MS } from '../domain/duration.ts';
import type { LocalMinutes } from '../domain/windows/localTime.ts';

/** No zone is farther from UTC, in minutes, either way. */
export const FARTHEST_MINUTES = 14 * 60;

/**
 * The instants (epoch milliseconds, in order) at which a local time comes, somewhere in the world. A zone that is none of
 * IANA's comes to it between two of them.
 */
export function localStarts(local: LocalMinutes): number[] {
  const around = [-FARTHEST_MINUTES, 0, FARTHEST_MINUTES].map((offset) => (local + offset) * MINUTE_MS);
  const offsets = Intl.supportedValuesOf('timeZone').flatMap((name) => {
    const zone = IANAZone.create(name);
    return around.map((instant) => zone.offset(instant));
  });
  return [...new Set([0, ...offsets])].map((offset) => (local - offset) * MINUTE_MS).sort((a, b) => a - b);
}
