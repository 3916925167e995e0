import type { CampaignDocument } from './document.ts';

/** What has been run of a campaign before the version in question. */
export interface RunHistory {
  /** A run has begun and not ended. */
  readonly open: boolean;
  /** The StartTime of the last run, when that has ended. */
  readonly endedStartTime: string | undefined;
}

export interface Fate {
  readonly state: 'SCHEDULED' | 'PAUSED' | 'COMPLETED';
  /** Whether this version's workflow is to be started. */
  readonly starts: boolean;
}

/**
 * What becomes of a campaign as this version says. A campaign that has run sends again only when it is given another
 * StartTime: a corrected description must not write to everyone a second time. An open run is gone on with.
 */
export function fateOf(document: CampaignDocument, history: RunHistory): Fate {
  const { Schedule, IsPaused } = document;
  const hasRun = !history.open && Schedule !== undefined && Schedule.StartTime === history.endedStartTime;
  if (hasRun) return { state: 'COMPLETED', starts: false };
  // A draft (no Schedule) sends nothing; Pinpoint has no word for it.
  if (IsPaused || Schedule === undefined) return { state: 'PAUSED', starts: false };
  return { state: 'SCHEDULED', starts: true };
}
