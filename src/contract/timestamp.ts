const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|([+-])(\d\d):?(\d\d))$/i;

/** An instant in ISO 8601 with its offset; `undefined` for anything else, February 30 included. */
export function parseTimestamp(text: string): Date | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  if (!isDay(year, month, day) || !isClock(hour, minute, second)) return undefined;
  const offset = match[7] === undefined ? 'Z' : `${match[7]}${match[8]}:${match[9]}`;
  const local = text.slice(0, text.length - (match[7] === undefined ? 1 : offsetLength(text)));
  const date = new Date(`${local.toUpperCase()}${offset}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function offsetLength(text: string): number {
  return text.at(-3) === ':' ? 6 : 5;
}

function isDay(year = 0, month = 0, day = 0): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return month >= 1 && month <= 12 && day >= 1 && date.getUTCDate() === day;
}

function isClock(hour = 0, minute = 0, second = 0): boolean {
  return hour <= 23 && minute <= 59 && second <= 59;
}
