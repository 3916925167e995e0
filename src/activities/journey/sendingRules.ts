import type { Selectable } from 'kysely';
import type { JourneyTable } from '../../db/tables/journeys.ts';
import type { EndpointTable } from '../../db/tables/people.ts';
import { type Cap, capsOf, perSecondOf } from '../../domain/journey/caps.ts';
import { journeyTimes } from '../../domain/journey/journeyTimes.ts';
import { judgeTime, type TimeVerdict } from '../../domain/windows/judgeTime.ts';
import { clocksOf } from '../../zones/clocksOf.ts';
import type { StepChannel } from './recipients.ts';

/** What restrains a journey's messages on a channel. */
export interface SendingRules {
  readonly caps: readonly Cap[];
  readonly perSecond: number | null;
  /** May this endpoint be written to at an instant? */
  readonly judge: (endpoint: Selectable<EndpointTable>, at: Date) => Promise<TimeVerdict>;
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
  const { TimezoneEstimationMethods: methods, WaitForQuietTime: waits = false } = document;
  const judge: SendingRules['judge'] = async (endpoint, at) =>
    times ? judgeTime(times, await clocksOf(endpoint, methods), at.getTime(), waits) : { is: 'now' };
  return { caps, perSecond, judge };
}
