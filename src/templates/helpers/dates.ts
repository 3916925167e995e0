import { DateTime, IANAZone } from 'luxon';
import { RepointError } from '../../domain/errors.ts';
import { call, type Helper, named, text } from './arguments.ts';

/** Java's date styles, which the original takes beside patterns. */
const styles: Record<string, string> = { full: 'DDDD', long: 'DDD', medium: 'DD', short: 'D' };

const NUMBERS_OF_JAVA: Record<string, string> = {
  u: 'E',
  Y: 'kkkk',
  E: 'ccc',
  a: 'a',
  Z: 'ZZZ',
  X: 'ZZ',
  z: 'ZZZZ',
};

/** A pattern of Java's SimpleDateFormat in Luxon's letters; quoted text stays as it is. */
function luxonPattern(pattern: string): string {
  return pattern.replace(/'[^']*'|([A-Za-z])\1*/g, (run, letter: string | undefined) => {
    if (letter === undefined) return run;
    if (letter === 'E') return run.length > 3 ? 'cccc' : 'ccc';
    return NUMBERS_OF_JAVA[letter] ?? run;
  });
}

function format(date: DateTime, pattern: string, zone: string, locale: string): string {
  if (!IANAZone.isValidZone(zone)) throw new RepointError('BadRequest', `unknown time zone ${zone}`);
  const placed = date.setZone(zone).setLocale(locale.replace('_', '-'));
  if (!placed.isValid) throw new RepointError('BadRequest', 'dateFormat: the value is not a date');
  return placed.toFormat(styles[pattern] ?? luxonPattern(pattern));
}

/** ISO text, or milliseconds since 1970. */
function parse(value: string): DateTime {
  return /^\d{10,}$/.test(value)
    ? DateTime.fromMillis(Number(value), { zone: 'UTC' })
    : DateTime.fromISO(value, { zone: 'UTC' });
}

const dateFormat: Helper = (...given) => {
  const { values, options } = call(given);
  const [value, pattern] = values;
  if (text(value) === '') return '';
  const wanted = pattern === undefined ? named(options, 'format', 'medium') : text(pattern);
  return format(parse(text(value)), wanted, named(options, 'tz', 'UTC'), named(options, 'locale', 'en-US'));
};

const now: Helper = (...given) => {
  const { values, options } = call(given);
  const wanted = values[0] === undefined ? named(options, 'format', 'medium') : text(values[0]);
  const instant = DateTime.fromISO(text(options.data?.now), { zone: 'UTC' });
  return format(instant, wanted, named(options, 'tz', 'UTC'), named(options, 'locale', 'en-US'));
};

export const dateHelpers = { dateFormat, now } satisfies Record<string, Helper>;
