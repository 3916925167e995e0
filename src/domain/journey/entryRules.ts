import { millisecondsOf } from '../duration.ts';
import type { JourneyDocument } from './document.ts';

/** When members of a segment enter: whenever they come to match, or as Pinpoint did, at starts and refreshes. */
export const entryModes = ['live', 'original'] as const;
export type EntryMode = (typeof entryModes)[number];

/** How often, and how soon after the last time, a participant may enter a journey. */
export interface EntryRules {
  /** Entries at most; Infinity where there is no limit. */
  readonly most: number;
  /** Milliseconds between the end of one passage and the next entry at least. */
  readonly intervalMs: number;
}

/** Entries of a participant that came before. */
export interface PastEntries {
  readonly count: number;
  readonly isInside: boolean;
  /** When the latest passage ended, epoch milliseconds; null when none has. */
  readonly leftAt: number | null;
}

/** Why a participant may not enter again, in Pinpoint's words. */
export type ReentryRefusal = 'ACTIVE_ENDPOINT_REJECTED' | 'REENTRY_CAP_EXCEEDED';

/** Pinpoint's console enters everybody once where nothing is said; its API documents no default. */
const MOST_ENTRIES = 1;

/** A document's rules; 0 means as often as one likes. Durations are divided by the time scale. */
export function entryRules(document: JourneyDocument, timeScale: number): EntryRules {
  const { EndpointReentryCap: cap = MOST_ENTRIES, EndpointReentryInterval: interval = '' } =
    document.Limits ?? {};
  return {
    most: cap === 0 ? Number.POSITIVE_INFINITY : Number(cap),
    intervalMs: interval === '' ? 0 : millisecondsOf(String(interval)) / timeScale,
  };
}

/**
 * Whether a participant may not enter now: who is inside never enters a second time, who has been there as often as is
 * allowed, or left too short a time ago, is over the cap. Null: they may.
 */
export function refuseReentry(rules: EntryRules, past: PastEntries, now: number): ReentryRefusal | null {
  if (past.isInside) return 'ACTIVE_ENDPOINT_REJECTED';
  if (past.count >= rules.most) return 'REENTRY_CAP_EXCEEDED';
  if (past.leftAt !== null && past.leftAt + rules.intervalMs > now) return 'REENTRY_CAP_EXCEEDED';
  return null;
}

/** Milliseconds between a journey's refreshes; null where it has none. */
export function refreshEvery(document: JourneyDocument, timeScale: number): number | null {
  const frequency = document.RefreshFrequency ?? '';
  return frequency === '' ? null : Math.max(1, millisecondsOf(frequency) / timeScale);
}

/**
 * The next refresh after a run: whole intervals from the journey's start, so that late runs do not push the others.
 * Refreshes that were missed (a pause, a pass that takes long) come as one. All in epoch milliseconds.
 */
export function nextRefresh(startedAt: number, lastRunAt: number, everyMs: number): number {
  return startedAt + (Math.floor((lastRunAt - startedAt) / everyMs) + 1) * everyMs;
}
