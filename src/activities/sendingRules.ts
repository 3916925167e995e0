import type { Selectable } from 'kysely';
import type { EndpointTable, JourneyTable } from '../db/tables.ts';
import { type Cap, capsOf, perSecondOf } from '../domain/journey/caps.ts';
import { journeyTimes } from '../domain/journey/journeyTimes.ts';
import { judgeTime, type TimeVerdict } from '../domain/windows/judgeTime.ts';
import { clocksOf } from '../zones/clocksOf.ts';
import type { StepChannel } from './recipients.ts';

/** What restrains a journey's messages on a channel. */
export interface SendingRules {
  readonly caps: readonly Cap[];
  readonly perSecond: number | null;
  /** May this endpoint be written to at an instant? Null where the journey may send at any time. */
  readonly judge: ((endpoint: Selectable<EndpointTable>, at: Date) => Promise<TimeVerdict>) | null;
  /** A message that may not be sent now waits for its time; else it is dropped. */
  readonly waits: boolean;
}

/** Null where nothing restrains them. */
export function sendingRulesOf(
  { document, defaults }: Pick<Selectable<JourneyTable>, 'document' | 'defaults'>,
  channel: StepChannel,
): SendingRules | null {
  const times = journeyTimes(document, defaults, channel);
  const caps = capsOf(document, defaults);
  const perSecond = perSecondOf(document, defaults);
  if (times === null && caps.length === 0 && perSecond === null) return null;
  return {
    caps,
    perSecond,
    judge:
      times &&
      (async (endpoint, at) =>
        judgeTime(times, await clocksOf(endpoint, document.TimezoneEstimationMethods), at.getTime())),
    waits: document.WaitForQuietTime === true,
  };
}
