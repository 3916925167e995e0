import { MINUTE_MS } from '../../domain/duration.ts';
import type { JourneyDocument } from '../../domain/journey/document.ts';
import { type LocalClock, type LocalMinutes, localMinutesAt } from '../../domain/windows/localTime.ts';
import { clocksOf, type Whereabouts } from '../../zones/clocksOf.ts';
import { FARTHEST_MINUTES, localStarts } from '../../zones/localStarts.ts';
import { readZone } from '../../zones/zone.ts';

/** From when to when people enter a journey, each on their own clock; null: no bound. */
export interface LocalSchedule {
  readonly start: LocalMinutes | null;
  readonly end: LocalMinutes | null;
  /** How zones are estimated that are not stated. */
  readonly methods: readonly string[];
}

/** Why somebody's clock keeps them out, in Pinpoint's words. */
export type ClockRefusal = 'ENDPOINT_MISSING_TIMEZONE' | 'ENDPOINT_TIMEZONE_MISMATCH';

/**
 * A document's schedule as what clocks on the wall show: in Schedule.Timezone, or UTC, when it was written. Null without
 * LocalTime, where times are instants.
 */
export function localSchedule(document: JourneyDocument): LocalSchedule | null {
  if (document.LocalTime !== true) return null;
  const { StartTime, EndTime, Timezone = '' } = document.Schedule ?? {};
  const clock = readZone(Timezone) ?? utc;
  const shown = (time: string | undefined) =>
    time === undefined ? null : localMinutesAt(Date.parse(time), clock);
  return {
    start: shown(StartTime),
    end: shown(EndTime),
    methods: document.TimezoneEstimationMethods ?? [],
  };
}

const utc: LocalClock = { offsetAt: () => 0 };

/** The first and the last instant at which anybody in the world may enter. */
export function worldwide({ start, end }: LocalSchedule): { from: Date | null; to: Date | null } {
  const at = (local: LocalMinutes | null, offset: number) =>
    local === null ? null : new Date((local + offset) * MINUTE_MS);
  return { from: at(start, -FARTHEST_MINUTES), to: at(end, FARTHEST_MINUTES) };
}

/** The next instant after another (epoch milliseconds) at which some zone's people begin to enter; null: all have. */
export function nextLocalStart({ start }: LocalSchedule, after: number): number | null {
  if (start === null || after >= (start + FARTHEST_MINUTES) * MINUTE_MS) return null;
  return localStarts(start).find((instant) => instant > after) ?? null;
}

/**
 * Whether somebody's clock lets them enter now. Where their zone is one of several, they start by the last of these and
 * stop by the first, as in Pinpoint; where it is not known, they stay out.
 */
export async function refusedByClock(
  schedule: LocalSchedule,
  endpoint: Whereabouts,
  now: Date,
): Promise<ClockRefusal | null> {
  const clocks = await clocksOf(endpoint, schedule.methods);
  if (clocks.length === 0) return 'ENDPOINT_MISSING_TIMEZONE';
  const shown = clocks.map((clock) => localMinutesAt(now.getTime(), clock));
  const { start, end } = schedule;
  const isOn = shown.every((local) => (start === null || local >= start) && (end === null || local < end));
  return isOn ? null : 'ENDPOINT_TIMEZONE_MISMATCH';
}
