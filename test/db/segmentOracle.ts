import type { DateAttribute, Dimension, FieldChoice, SegmentTree } from '../../src/domain/segment/tree.ts';

/** An endpoint with all that a segment may look at. */
export interface Subject {
  readonly channelType: string | null;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly userAttributes: Readonly<Record<string, readonly string[]>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly demographic: Readonly<Record<string, string>>;
  readonly location: Readonly<{ Country?: string; Latitude?: number; Longitude?: number }>;
  readonly effectiveDate: Date;
  readonly events: readonly { readonly type: string; readonly at: Date }[];
}

const DAY = 86_400_000;

/** Whether an endpoint belongs to a segment, said as plainly as can be: what the SQL is held against. */
export function evaluate(tree: SegmentTree, subject: Subject, now: Date): boolean {
  switch (tree.kind) {
    case 'all':
      return tree.of.every((part) => evaluate(part, subject, now));
    case 'any':
      return tree.of.some((part) => evaluate(part, subject, now));
    case 'none':
      return !tree.of.some((part) => evaluate(part, subject, now));
    default:
      return answer(tree, subject, now);
  }
}

function answer(leaf: Dimension, subject: Subject, now: Date): boolean {
  switch (leaf.kind) {
    case 'textAttribute': {
      const held = listOf(leaf, subject);
      if (leaf.test === 'CONTAINS') return held.some((one) => leaf.values.some((part) => one.includes(part)));
      return held.some((one) => leaf.values.includes(one)) === (leaf.test === 'INCLUSIVE');
    }
    case 'dateAttribute':
      return listOf(leaf, subject).some((one) => dateHolds(leaf, readInstant(one), now));
    case 'metric':
      return compare(leaf.comparison, subject.metrics[leaf.name], leaf.value);
    case 'field':
      return fieldHolds(leaf, subject);
    case 'near': {
      const { Latitude, Longitude } = subject.location;
      if (Latitude === undefined || Longitude === undefined) return false;
      return kilometersBetween(Latitude, Longitude, leaf.latitude, leaf.longitude) <= leaf.kilometers;
    }
    case 'recency': {
      const days = { HR_24: 1, DAY_7: 7, DAY_14: 14, DAY_30: 30 }[leaf.window];
      const own = subject.events.filter(
        (event) => !/^_(email|SMS)\.|^_(campaign|journey)\.send$/.test(event.type),
      );
      const last = Math.max(subject.effectiveDate.getTime(), ...own.map((event) => event.at.getTime()));
      return last > now.getTime() - days * DAY === leaf.active;
    }
  }
}

function listOf(leaf: { owner: 'endpoint' | 'user'; name: string }, subject: Subject): readonly string[] {
  return (leaf.owner === 'user' ? subject.userAttributes : subject.attributes)[leaf.name] ?? [];
}

/** Milliseconds since 1970 of an ISO 8601 text, UTC where it names no offset; NaN for anything else. */
export function readInstant(text: string): number {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(?:Z|([+-])(\d\d):?(\d\d))?$/.exec(
      text,
    );
  if (match === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offset = (match[8] === '-' ? -1 : 1) * (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day);
  const exists = date.getUTCMonth() + 1 === month && date.getUTCDate() === day && year !== 0;
  const onTheClock = (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60;
  if (!exists || !onTheClock || Number(match[9] ?? 0) > 14 || Number(match[10] ?? 0) > 59) return Number.NaN;
  date.setUTCHours(hour ?? 0, minute, second, milliseconds);
  return date.getTime() - offset * 60_000;
}

function dateHolds(leaf: DateAttribute, instant: number, now: Date): boolean {
  const named = leaf.moments.map((moment) => {
    if (moment.kind === 'fixed') return moment.epochMilliseconds;
    return addMonths(now, moment.months).getTime() + moment.milliseconds;
  });
  const day = (at: number): number => Math.floor(at / DAY);
  switch (leaf.test) {
    case 'BEFORE':
      return named.some((at) => instant < at);
    case 'AFTER':
      return named.some((at) => instant > at);
    case 'ON':
      return named.some((at) => day(instant) === day(at));
    case 'BETWEEN': {
      const [first = Number.NaN, last = Number.NaN] = named;
      const end = leaf.moments[1];
      const wholeDay = end?.kind === 'fixed' && end.dayOnly;
      return instant >= first && (wholeDay ? day(instant) <= day(last) : instant <= last);
    }
  }
}

function addMonths(now: Date, months: number): Date {
  for (let day = now.getUTCDate(); ; day -= 1) {
    const moved = new Date(now);
    moved.setUTCMonth(now.getUTCMonth() + months, day);
    if (moved.getUTCDate() === day) return moved;
  }
}

function compare(comparison: string, held: number | undefined, wanted: number): boolean {
  if (held === undefined) return false;
  if (comparison === 'GREATER_THAN') return held > wanted;
  if (comparison === 'GREATER_THAN_OR_EQUAL') return held >= wanted;
  if (comparison === 'LESS_THAN') return held < wanted;
  if (comparison === 'LESS_THAN_OR_EQUAL') return held <= wanted;
  return held === wanted;
}

function fieldHolds(leaf: FieldChoice, subject: Subject): boolean {
  const { demographic } = subject;
  const held =
    leaf.field === 'Channel'
      ? [subject.channelType]
      : leaf.field === 'Country'
        ? [subject.location.Country]
        : leaf.field === 'DeviceType'
          ? [demographic.Platform, demographic.Model]
          : [demographic[leaf.field]];
  return held.some((one) => one != null && leaf.values.includes(one)) !== leaf.exclude;
}

function kilometersBetween(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const chord =
    Math.sin(radians(lat1 - lat2) / 2) ** 2 +
    Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * Math.sin(radians(lon1 - lon2) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(chord)));
}
