import type { Config } from '../../config.ts';
import { requireApp } from '../../db/apps.ts';
import type { Tx } from '../../db/database.ts';
import type { JourneyRow } from '../../db/journeys/journeys.ts';
import { type LoadedSegment, loadSegmentTree } from '../../db/segments/segments.ts';
import type { Problem } from '../../domain/errors.ts';
import { entryEventOf, entrySegmentOf } from '../../domain/journey/entryEvent.ts';
import type { EntryMode } from '../../domain/journey/entryRules.ts';

/** How people will enter a journey that is being published. */
export interface PublishedEntry {
  readonly segmentId: string | null;
  /** Null where the journey names none, or one that does not exist. */
  readonly segment: LoadedSegment | null;
  readonly segmentVersion: number | null;
  readonly entryMode: EntryMode;
  readonly entryEventType: string | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Looks up a draft's segment and settles when its members enter. */
export async function publishEntry(
  tx: Tx,
  draft: JourneyRow,
  config: Pick<Config, 'REPOINT_ENTRY'>,
): Promise<PublishedEntry> {
  const { document } = draft;
  const named = entrySegmentOf(document);
  const segment = named === undefined ? null : await loadSegmentTree(tx, draft.app_id, named.id);
  const entryMode =
    draft.entry_mode ?? (await requireApp(tx, draft.app_id)).entry_mode ?? config.REPOINT_ENTRY;
  const entryEventType = entryEventOf(document)?.eventTypes[0] ?? null;
  // as Pinpoint did, a journey keeps to the definition it was published with unless it says that edits count
  const keeps =
    entryMode === 'original' && entryEventType === null && document.RefreshOnSegmentUpdate !== true;
  const missing = named !== undefined && segment === null;
  return {
    segmentId: named?.id ?? null,
    segment,
    segmentVersion: keeps ? (segment?.version ?? null) : null,
    entryMode,
    entryEventType,
    problems: missing ? [{ path: named.path, message: `no segment "${named.id}" in this application` }] : [],
    warnings: [
      ...(segment && segment.fault !== null ? [`${named?.path}: matches nobody: ${segment.fault}`] : []),
      ...(draft.skips_present && entryEventType !== null ? [nobodyToSkip] : []),
    ],
  };
}

const nobodyToSkip = 'MembersNow: nobody is marked as entered, as an event starts this journey';
