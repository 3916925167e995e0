import { DateTime, IANAZone } from 'luxon';
import { RepointError } from '../../domain/errors.ts';
import { call, type Helper, named, text } from './arguments.ts';

/** Java's date styles, which the original takes beside patterns. */
const styles: Record<string, string> = { full: 'DDDD', long: 'DDD', medium: 'DD', short: 'D' };

/** Letters of Java's SimpleDateFormat that Luxon writes otherwise. */
const otherwise: Readonly<Record<string, (length: number) => string>> = {
  u: () => 'E',
  Y: () => 'kkkk',
  E: (length) => (length > 3 ? 'cccc' : 'ccc'),
  a: () => 'a',
  Z: () => 'ZZZ',
  X: () => 'ZZ',
  z: () => 'ZZZZ',
  D: (length) => (length > 1 ? 'ooo' : 'o'),
  w: (length) => (length > 1 ? 'WW' : 'W'),
};
/** Those that both write alike. */
const alike = new Set('GyMLdHhmsS');

/** A pattern of Java's SimpleDateFormat in Luxon's letters; quoted text stays as it is. */
function luxonPattern(pattern: string): string {
  return pattern.replace(/'[^']*'|([A-Za-z])\1*/g, (run, letter: string | undefined) => {
    if (letter === undefined) return run;
    const written = otherwise[letter]?.(run.length) ?? (alike.has(letter) ? run : undefined);
    if (written === undefined)
      throw refusal(`the letter ${letter} means nothing in a pattern; write text in ' '`);
    return written;
  });
}

interface Format {
  readonly pattern: string;
  readonly zone: string;
  readonly locale: string;
}

const PATTERN_LENGTH_MAX = 100;
/** A language, with its script and region where need be: `en`, `pt_BR`, `zh-Hant-TW`. */
const localeForm = /^[a-z]{2,3}([-_][a-z]{4})?([-_]([a-z]{2}|\d{3}))?$/i;

function format(date: DateTime, { pattern, zone, locale }: Format): string {
  if (pattern.length > PATTERN_LENGTH_MAX)
    throw refusal(`a pattern has at most ${PATTERN_LENGTH_MAX} characters`);
  if (!IANAZone.isValidZone(zone)) throw refusal('there is no such time zone');
  if (!localeForm.test(locale)) throw refusal('the locale is none, such as en or pt_BR');
  const placed = date.setZone(zone).setLocale(locale.replaceAll('_', '-'));
  if (!placed.isValid) throw refusal('the value is not a date');
  return placed.toFormat(styles[pattern] ?? luxonPattern(pattern));
}

function refusal(message: string): RepointError {
  return new RepointError('BadRequest', `dateFormat, now: ${message}`);
}

/** The pattern, `tz=` and the locale as a helper is given them, from its argument at a place on. */
function formatOf({ values, options }: ReturnType<typeof call>, place: number): Format {
  const [pattern, locale] = values.slice(place);
  return {
    pattern: pattern === undefined ? named(options, 'format', 'medium') : text(pattern),
    zone: named(options, 'tz', 'UTC'),
    locale: locale === undefined ? named(options, 'locale', 'en-US') : text(locale),
  };
}

/** ISO text, or milliseconds since 1970. */
function parse(value: string): DateTime {
  return /^\d{10,}$/.test(value)
    ? DateTime.fromMillis(Number(value), { zone: 'UTC' })
    : DateTime.fromISO(value, { zone: 'UTC' });
}

const dateFormat: Helper = (...given) => {
  const called = call(given);
  const value = text(called.values[0]);
  return value === '' ? '' : format(parse(value), formatOf(called, 1));
};

const now: Helper = (...given) => {
  const called = call(given);
  const instant = DateTime.fromMillis(Number(called.options.data?.now), { zone: 'UTC' });
  return format(instant, formatOf(called, 0));
};

export const dateHelpers = { dateFormat, now } satisfies Record<string, Helper>;
