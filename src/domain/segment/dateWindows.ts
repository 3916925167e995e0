import { dayOf, instantOf, type Moment } from './moment.ts';
import type { DateAttribute } from './tree.ts';

/** From an instant (inclusive) to another (exclusive); null: without end on that side. */
export interface DateWindow {
  readonly from: Date | null;
  readonly until: Date | null;
}

const next = (instant: Date): Date => new Date(instant.getTime() + 1);

/**
 * The stretches of time a date dimension accepts, seen from `now`. Dates are compared to the millisecond, so that
 * a half-open window says everything: AFTER and BEFORE exclude the instant itself, ON is the whole UTC day, BETWEEN
 * includes both ends, and the whole last day where that end is a day alone. Several values of AFTER, BEFORE and ON
 * are alternatives.
 */
export function dateWindows(
  dimension: Pick<DateAttribute, 'test' | 'moments'>,
  now: Date,
): readonly DateWindow[] {
  const { moments } = dimension;
  switch (dimension.test) {
    case 'BEFORE':
      return moments.map((moment) => ({ from: null, until: instantOf(moment, now) }));
    case 'AFTER':
      return moments.map((moment) => ({ from: next(instantOf(moment, now)), until: null }));
    case 'ON':
      return moments.map((moment) => dayOf(moment, now));
    case 'BETWEEN':
      return between(moments, now);
  }
}

function between([first, last]: readonly Moment[], now: Date): readonly DateWindow[] {
  if (first === undefined || last === undefined) return [];
  const wholeDay = last.kind === 'fixed' && last.dayOnly;
  const until = wholeDay ? dayOf(last, now).until : next(instantOf(last, now));
  return [{ from: instantOf(first, now), until }];
}
