import type { JourneyLimits, QuietTimeDocument } from './journey/document.ts';

/** What UpdateApplicationSettings keeps: defaults for the journeys and campaigns that are created afterwards. 0 of a limit: none. */
export interface AppSettings {
  readonly Limits?: {
    readonly Daily?: number;
    readonly MaximumDuration?: number;
    readonly MessagesPerSecond?: number;
    readonly Total?: number;
    readonly Session?: number;
  };
  readonly QuietTime?: QuietTimeDocument;
  readonly JourneyLimits?: Pick<JourneyLimits, 'DailyCap' | 'TimeframeCap' | 'TotalCap'>;
}
