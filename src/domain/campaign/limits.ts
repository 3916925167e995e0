import type { AppSettings } from '../appSettings.ts';
import { parseInstant } from '../instant.ts';
import { quietTimeOf } from '../windows/readTimes.ts';
import type { SendingTimes } from '../windows/sendingTimes.ts';
import type { CampaignDocument } from './document.ts';

/** What Pinpoint answers for limits that the caller left out; 0 is no limit. */
export const statedLimits = { Daily: 0, MaximumDuration: 60, MessagesPerSecond: 50, Total: 0 } as const;

/** How many messages an endpoint may get; 0: no limit. */
export interface EndpointLimits {
  readonly daily: number;
  /** What `daily` counts: the campaign's own limit its messages, the app's those of all its campaigns and journeys. */
  readonly dailyOf: 'this campaign' | 'journeys and campaigns';
  /** Of this campaign in all its runs. */
  readonly total: number;
}

type Limited = Pick<CampaignDocument, 'Limits'>;

/** A campaign's limits for each endpoint: its own, else the app's as they were when the campaign was created. */
export function endpointLimits(
  { Limits: own = {} }: Limited,
  { Limits: app = {} }: AppSettings,
): EndpointLimits {
  return {
    daily: own.Daily ?? app.Daily ?? 0,
    dailyOf: own.Daily === undefined ? 'journeys and campaigns' : 'this campaign',
    total: own.Total ?? app.Total ?? 0,
  };
}

/** How many messages of a campaign go out in one second. */
export function messagesPerSecond({ Limits: own }: Limited, { Limits: app }: AppSettings): number {
  return own?.MessagesPerSecond ?? app?.MessagesPerSecond ?? statedLimits.MessagesPerSecond;
}

/** When a campaign may send: its own quiet time, else the app's; null where it always may. */
export function campaignTimes({ Schedule }: CampaignDocument, app: AppSettings): SendingTimes | null {
  const quiet = quietTimeOf(Schedule?.QuietTime) ?? quietTimeOf(app.QuietTime);
  return quiet === null ? null : { quiet, open: null, closed: [] };
}

/**
 * When a campaign that was asked for at `askedAt` starts: at its StartTime, or at once when that is `IMMEDIATE` or past.
 * Null: it has no schedule.
 * @throws RangeError when StartTime was not checked before
 */
export function startOf(document: CampaignDocument, askedAt: Date): Date | null {
  if (document.Schedule === undefined) return null;
  const { StartTime } = document.Schedule;
  if (StartTime === 'IMMEDIATE') return askedAt;
  const start = parseInstant(StartTime);
  if ('problem' in start) throw new RangeError(start.problem);
  return new Date(Math.max(start.epochMilliseconds, askedAt.getTime()));
}

/**
 * The instant after which nothing more is sent: MaximumDuration after the scheduled start. Only when the campaign or its
 * app says one: Pinpoint's stated 60 seconds at 50 messages a second would end every larger campaign after 3,000 people.
 */
export function expiryOf({ Limits: own }: Limited, { Limits: app }: AppSettings, start: Date): Date | null {
  const seconds = own?.MaximumDuration ?? app?.MaximumDuration;
  return seconds === undefined ? null : new Date(start.getTime() + seconds * 1000);
}
