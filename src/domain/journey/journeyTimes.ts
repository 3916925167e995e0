import type { AppSettings } from '../appSettings.ts';
import type { Channel } from '../channel.ts';
import { weekdays } from '../windows/localTime.ts';
import { checked, quietTimeOf, readClosedTime, readOpenRange } from '../windows/readTimes.ts';
import type { SendingTimes } from '../windows/sendingTimes.ts';
import type { JourneyDocument } from './document.ts';

/**
 * When a checked journey may use a channel: its own quiet time, else the app's as it was when the journey was created;
 * open hours and closed days while SendingSchedule is on. Null where it may always.
 */
export function journeyTimes(
  document: JourneyDocument,
  app: AppSettings,
  channel: Channel,
): SendingTimes | null {
  const times: SendingTimes = {
    quiet: quietTimeOf(document.QuietTime) ?? quietTimeOf(app.QuietTime),
    open: openHoursOf(document, channel),
    closed: closedTimesOf(document, channel),
  };
  return times.quiet === null && times.open === null && times.closed.length === 0 ? null : times;
}

/** A channel without any hours is open all week. */
function openHoursOf(document: JourneyDocument, channel: Channel): SendingTimes['open'] {
  const week = document.SendingSchedule === true ? (document.OpenHours?.[channel] ?? {}) : {};
  if (Object.keys(week).length === 0) return null;
  return Object.fromEntries(
    weekdays.map((day) => [day, (week[day] ?? []).map((rule) => checked(readOpenRange(rule)))]),
  );
}

function closedTimesOf(document: JourneyDocument, channel: Channel): SendingTimes['closed'] {
  if (document.SendingSchedule !== true) return [];
  return (document.ClosedDays?.[channel] ?? []).map((rule) => checked(readClosedTime(rule)));
}
