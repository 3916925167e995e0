/** A length of time: its ISO 8601 text and what it comes to. */
export interface Duration {
  readonly iso: string;
  readonly milliseconds: number;
}

const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** The longest duration: as long as Pinpoint lets a journey run (3600 days). */
export const LONGEST_MILLISECONDS = 3600 * DAY_MS;

const number = String.raw`(\d+(?:\.\d+)?)`;
const isoForm = new RegExp(
  `^P(?!$)(?:${number}W)?(?:${number}D)?(?:T(?=\\d)(?:${number}H)?(?:${number}M)?(?:${number}S)?)?$`,
);
const isoUnits = [WEEK_MS, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS];
const calendarForm = /^P(?:\d+(?:\.\d+)?[YMWD])*T?/;

const shortForm = new RegExp(`^${number}([smhdw])$`);
const shortUnits: Readonly<Record<string, { milliseconds: number; iso: (count: string) => string }>> = {
  s: { milliseconds: SECOND_MS, iso: (count) => `PT${count}S` },
  m: { milliseconds: MINUTE_MS, iso: (count) => `PT${count}M` },
  h: { milliseconds: HOUR_MS, iso: (count) => `PT${count}H` },
  d: { milliseconds: DAY_MS, iso: (count) => `P${count}D` },
  w: { milliseconds: WEEK_MS, iso: (count) => `P${count}W` },
};

/**
 * Reads a duration: ISO 8601 (`P3D`, `PT12H`, `P1DT30M`, `P2W`) or the short form people write
 * (`3d`, `12h`, `30m`, `45s`, `2w`; a lower-case m is minutes). Years and months are refused: their
 * length depends on the calendar, and a journey's waits do not. A day is 24 hours.
 * @returns the duration, or what is wrong with the text and what is allowed
 */
export function parseDuration(text: string): Duration | { readonly problem: string } {
  const duration = parseIso(text) ?? parseShort(text);
  if (duration === undefined) return { problem: whatIsWrong(text) };
  if (duration.milliseconds > LONGEST_MILLISECONDS) {
    return { problem: `"${text}" is longer than the longest allowed, 3600 days` };
  }
  return duration;
}

/** The milliseconds of a duration that was checked before. @throws RangeError when it was not */
export function millisecondsOf(text: string): number {
  const duration = parseDuration(text);
  if ('problem' in duration) throw new RangeError(duration.problem);
  return duration.milliseconds;
}

/** A length of time as ISO 8601 in days, hours, minutes and seconds: `P4D`, `P1DT2H`, `PT0S`. */
export function writeDuration(milliseconds: number): string {
  const parts = isoParts.map(({ unit, letter }, index) => {
    const larger = isoParts[index - 1]?.unit ?? Number.POSITIVE_INFINITY;
    const rest = larger === Number.POSITIVE_INFINITY ? milliseconds : milliseconds % larger;
    const count = unit === SECOND_MS ? rest / unit : Math.floor(rest / unit);
    return count === 0 ? '' : `${count}${letter}`;
  });
  const [days = '', ...rest] = parts;
  const time = rest.join('');
  if (days === '' && time === '') return 'PT0S';
  return `P${days}${time === '' ? '' : `T${time}`}`;
}

const isoParts = [
  { unit: DAY_MS, letter: 'D' },
  { unit: HOUR_MS, letter: 'H' },
  { unit: MINUTE_MS, letter: 'M' },
  { unit: SECOND_MS, letter: 'S' },
] as const;

function parseIso(text: string): Duration | undefined {
  const match = isoForm.exec(text);
  if (match === null) return undefined;
  const milliseconds = isoUnits.reduce((sum, unit, i) => sum + Number(match[i + 1] ?? 0) * unit, 0);
  return { iso: text, milliseconds: Math.round(milliseconds) };
}

function parseShort(text: string): Duration | undefined {
  const [, count, letter] = shortForm.exec(text) ?? [];
  const unit = letter === undefined ? undefined : shortUnits[letter];
  if (count === undefined || unit === undefined) return undefined;
  return { iso: unit.iso(count), milliseconds: Math.round(Number(count) * unit.milliseconds) };
}

function whatIsWrong(text: string): string {
  const calendar = calendarForm.exec(text)?.[0] ?? '';
  if (/[YM]/.test(calendar)) {
    return `"${text}" counts years or months, whose length varies; write days, such as P30D`;
  }
  return `"${text}" is not a duration; write ISO 8601, such as P3D, PT12H or PT30M`;
}
