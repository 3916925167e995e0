import type { AppSettings } from '../appSettings.ts';
import { DAY_MS } from '../duration.ts';
import type { JourneyDocument } from './document.ts';

/** How many messages a participant may get, of what, within how long (milliseconds; null: ever). */
export interface Cap {
  readonly reason: 'DAILY_CAP' | 'TOTAL_CAP' | 'TIMEFRAME_CAP';
  readonly most: number;
  readonly of: 'this journey' | 'all journeys' | 'journeys and campaigns';
  readonly withinMs: number | null;
}

/**
 * The caps of a journey: its own, else the app's as they were when the journey was created. A cap of 0, the journey's own
 * included, is none. A journey's DailyCap counts this journey's messages, the app's those of all journeys, and the app's
 * Limits.Daily campaigns too, as Pinpoint's reference says.
 */
export function capsOf({ Limits: own = {} }: JourneyDocument, app: AppSettings): Cap[] {
  const timeframe = own.TimeframeCap ?? app.JourneyLimits?.TimeframeCap ?? {};
  const caps: Cap[] = [
    dailyCap(own.DailyCap, app),
    {
      reason: 'TOTAL_CAP',
      most: own.TotalCap ?? app.JourneyLimits?.TotalCap ?? 0,
      of: 'this journey',
      withinMs: null,
    },
    {
      reason: 'TIMEFRAME_CAP',
      most: (timeframe.Days ?? 0) > 0 ? (timeframe.Cap ?? 0) : 0,
      of: 'all journeys',
      withinMs: (timeframe.Days ?? 0) * DAY_MS,
    },
  ];
  return caps.filter((cap) => cap.most > 0);
}

function dailyCap(own: number | undefined, app: AppSettings): Cap {
  const daily = { reason: 'DAILY_CAP', withinMs: DAY_MS } as const;
  if (own !== undefined) return { ...daily, most: own, of: 'this journey' };
  const ofApp = app.JourneyLimits?.DailyCap;
  if (ofApp !== undefined) return { ...daily, most: ofApp, of: 'all journeys' };
  return { ...daily, most: app.Limits?.Daily ?? 0, of: 'journeys and campaigns' };
}

/** How many messages a journey may send in one second; null: as many as it likes. */
export function perSecondOf({ Limits: own = {} }: JourneyDocument, app: AppSettings): number | null {
  return (own.MessagesPerSecond ?? app.Limits?.MessagesPerSecond) || null;
}
