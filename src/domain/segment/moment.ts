import { DAY_MS } from '../duration.ts';
import { parseInstant } from '../instant.ts';

const LONGEST_YEARS = 200;

/** A point in time that a segment's dimension names: a fixed one, or one that moves with the clock. */
export type Moment =
  | {
      readonly kind: 'fixed';
      readonly epochMilliseconds: number;
      /** Written without a time of day: `2026-01-15`. */
      readonly dayOnly: boolean;
    }
  | { readonly kind: 'relative'; readonly months: number; readonly milliseconds: number };

const count = String.raw`(\d{1,6})`;
const relativeForm = new RegExp(
  `^([+-]?)P(?!$)(?:${count}Y)?(?:${count}M)?(?:${count}W)?(?:${count}D)?(?:T(?=\\d)(?:${count}H)?(?:${count}M)?(?:${count}S)?)?$`,
);

/**
 * Reads a moment: an ISO 8601 date or time (UTC where it names no offset), or a signed ISO 8601 duration counted
 * from now (`-P30D`: thirty days ago; `P1M`: a month ahead, by the UTC calendar).
 * @returns the moment, or what is wrong with the text and what is allowed
 */
export function parseMoment(text: string): Moment | { readonly problem: string } {
  const relative = parseRelative(text);
  if (relative !== undefined) return relative;
  const instant = parseInstant(text);
  if (!('problem' in instant)) {
    const { epochMilliseconds } = instant;
    return { kind: 'fixed', epochMilliseconds, dayOnly: text.length === 'yyyy-mm-dd'.length };
  }
  return {
    problem: `"${text}" is not a date; write ISO 8601 (2026-01-15, 2026-01-15T09:00:00Z) or a duration from now (-P30D)`,
  };
}

/** The moment of a text that was checked before. @throws RangeError when it was not */
export function momentOf(text: string): Moment {
  const moment = parseMoment(text);
  if ('problem' in moment) throw new RangeError(moment.problem);
  return moment;
}

/** When the moment is, seen from `now`. A month that lacks the day gives its last day. */
export function instantOf(moment: Moment, now: Date): Date {
  if (moment.kind === 'fixed') return new Date(moment.epochMilliseconds);
  const shifted = new Date(now);
  shifted.setUTCMonth(shifted.getUTCMonth() + moment.months, 1);
  const lastDay = new Date(Date.UTC(shifted.getUTCFullYear(), shifted.getUTCMonth() + 1, 0)).getUTCDate();
  shifted.setUTCDate(Math.min(now.getUTCDate(), lastDay));
  return new Date(shifted.getTime() + moment.milliseconds);
}

/** The first instant of the UTC day the moment falls on, and that of the next day. */
export function dayOf(moment: Moment, now: Date): { readonly from: Date; readonly until: Date } {
  const start = Math.floor(instantOf(moment, now).getTime() / DAY_MS) * DAY_MS;
  return { from: new Date(start), until: new Date(start + DAY_MS) };
}

function parseRelative(text: string): Moment | undefined {
  const match = relativeForm.exec(text);
  if (match === null) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(2)
    .map((part) => Number(part ?? 0));
  const sign = match[1] === '-' ? -1 : 1;
  const milliseconds = (((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds) * 1000;
  const roughYears = years + months / 12 + milliseconds / (365 * DAY_MS);
  if (roughYears > LONGEST_YEARS) return undefined;
  return { kind: 'relative', months: sign * (years * 12 + months), milliseconds: sign * milliseconds };
}
