import type { Config } from '../../config.ts';
import type { Problem } from '../../domain/errors.ts';
import type { JourneyDocument } from '../../domain/journey/document.ts';
import { localSchedule, worldwide } from '../entering/localSchedule.ts';

/** From when to when a journey that is being published takes people in; null: at once, without an end. */
export interface PublishedSchedule {
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Settles a journey's start and end: with LocalTime those of the first and the last zone of the world. */
export function publishSchedule(
  document: JourneyDocument,
  { REPOINT_PUBLISH_DELAY_SECONDS: delay }: Pick<Config, 'REPOINT_PUBLISH_DELAY_SECONDS'>,
  now: Date,
): PublishedSchedule {
  const { StartTime, EndTime } = document.Schedule ?? {};
  const local = localSchedule(document);
  const { from, to } = local ? worldwide(local) : { from: dateOf(StartTime), to: dateOf(EndTime) };
  const earliest = delay === 0 ? null : new Date(now.getTime() + delay * 1000);
  const isOver = to !== null && to <= now;
  const isLate = local === null && from !== null && from < now;
  const isPointless = local !== null && from === null && to === null;
  return {
    startsAt: later(from, earliest),
    endsAt: to,
    problems: [...(isOver ? [{ path: 'Schedule.EndTime', message: `${EndTime} has passed` }] : [])],
    warnings: [
      ...(isLate ? [`Schedule.StartTime: ${StartTime} has passed; the journey starts now`] : []),
      ...(isPointless ? [pointless] : []),
      ...pastTheEnd(document, to),
    ],
  };
}

const pointless =
  'LocalTime: there is no StartTime and no EndTime; it only keeps out who has no known time zone';

function dateOf(time: string | undefined): Date | null {
  return time === undefined ? null : new Date(time);
}

function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

/** Waits that end after the journey has: whoever is inside still waits for them. */
function pastTheEnd({ Activities = {} }: JourneyDocument, end: Date | null): string[] {
  if (end === null) return [];
  return Object.entries(Activities).flatMap(([id, { Wait, ConditionalSplit, MultiCondition }]) => {
    const times = {
      'Wait.WaitTime': Wait?.WaitTime,
      'ConditionalSplit.EvaluationWaitTime': ConditionalSplit?.EvaluationWaitTime,
      'MultiCondition.EvaluationWaitTime': MultiCondition?.EvaluationWaitTime,
    };
    return Object.entries(times).flatMap(([path, time]) => {
      const until = time?.WaitUntil;
      if (until === undefined || new Date(until) <= end) return [];
      return [
        `Activities.${id}.${path}.WaitUntil: ${until} is after the journey's end, ${end.toISOString()}`,
      ];
    });
  });
}
