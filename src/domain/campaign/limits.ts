import { parseInstant } from '../instant.ts';
import type { CampaignDocument } from './document.ts';

/** What Pinpoint answers for limits that the caller left out; 0 is no limit. */
export const statedLimits = { Daily: 0, MaximumDuration: 60, MessagesPerSecond: 50, Total: 0 } as const;

/** How many messages of a campaign go out in one second. */
export function messagesPerSecond(document: CampaignDocument): number {
  return document.Limits?.MessagesPerSecond ?? statedLimits.MessagesPerSecond;
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
 * The instant after which nothing more is sent: MaximumDuration after the scheduled start. Only when the caller wrote one:
 * Pinpoint's stated 60 seconds at 50 messages a second would end every larger campaign after 3,000 people.
 */
export function expiryOf(document: CampaignDocument, start: Date): Date | null {
  const seconds = document.Limits?.MaximumDuration;
  return seconds === undefined ? null : new Date(start.getTime() + seconds * 1000);
}
