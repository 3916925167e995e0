/** A point in time as text in UTC, and whether the text named its offset. */
export interface Instant {
  readonly iso: string;
  readonly epochMilliseconds: number;
  readonly offsetGiven: boolean;
}

const form =
  /^(\d{4}-\d{2}-\d{2})(?:T((?:[01]\d|2[0-3]):\d{2})(:\d{2}(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Reads an ISO 8601 point in time (`2026-03-01T09:00:00Z`, `2026-03-01T09:00+02:00`, `2026-03-01`).
 * Without an offset it is UTC. Days that no calendar has (February 30) are refused, not moved.
 * @returns the instant, or what is wrong with the text and what is allowed
 */
export function parseInstant(text: string): Instant | { readonly problem: string } {
  const problem = `"${text}" is not a point in time; write ISO 8601, such as 2026-03-01T09:00:00Z`;
  const [, date, minutes = '00:00', seconds = ':00', offset] = form.exec(text) ?? [];
  if (date === undefined || !isCalendarDay(date)) return { problem };
  const epochMilliseconds = Date.parse(`${date}T${minutes}${seconds}${withColon(offset ?? 'Z')}`);
  if (Number.isNaN(epochMilliseconds)) return { problem };
  return {
    iso: new Date(epochMilliseconds).toISOString(),
    epochMilliseconds,
    offsetGiven: offset !== undefined,
  };
}

/**
 * Reads a point in time as machines write it: date, time and offset, `T` and `Z` in either case.
 * @returns undefined for anything else
 */
export function parseTimestamp(text: string): Date | undefined {
  const upper = text.toUpperCase();
  const instant = parseInstant(upper);
  const isWhole = upper.includes('T') && 'iso' in instant && instant.offsetGiven;
  return isWhole ? new Date(instant.epochMilliseconds) : undefined;
}

function isCalendarDay(date: string): boolean {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
}

function withColon(offset: string): string {
  return offset === 'Z' || offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}
