import type { Database, Tx } from '../../db/database.ts';
import {
  insertRun,
  type JourneyKey,
  type JourneyRun,
  lockCurrentRun,
  updateRun,
} from '../../db/journeys/journeyRuns.ts';
import { loadSegmentTree } from '../../db/segments/segments.ts';

/**
 * Starts a journey's first run: its membership is that of this moment's segment, unless the journey keeps to a version.
 * A journey without one gets it.
 */
export async function startRun(db: Database, key: JourneyKey, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const run = await lockCurrentRun(tx, key);
    if (run === undefined) return await makeRun(tx, key, 0, now);
    if (run.state !== 'SCHEDULED') return;
    const version = await versionToAsk(tx, key);
    await updateRun(tx, run, {
      state: 'RUNNING',
      started_at: now,
      segment_version: version,
      updated_at: now,
    });
  });
}

/** Opens a refresh, and ends the run before it. */
export async function openRun(db: Database, key: JourneyKey, no: number, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const before = await lockCurrentRun(tx, key);
    if (before === undefined || before.no >= no) return;
    await updateRun(tx, before, { state: 'COMPLETED', updated_at: now });
    await makeRun(tx, key, no, now);
  });
}

/** Has the whole segment asked again in a run, with the version that holds now. */
export async function restartPass(db: Database, key: JourneyKey, runId: string, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const run = await lockCurrentRun(tx, key);
    if (run?.id !== runId) return;
    await updateRun(tx, run, {
      pass: await passesWanted(tx, key),
      position: '',
      pass_done_at: null,
      segment_version: await versionToAsk(tx, key),
      updated_at: now,
    });
  });
}

async function makeRun(tx: Tx, key: JourneyKey, no: number, now: Date): Promise<void> {
  const [pass, segmentVersion] = [await passesWanted(tx, key), await versionToAsk(tx, key)];
  await insertRun(tx, { ...key, no, pass, segmentVersion, startedAt: now }, now);
}

async function passesWanted(tx: Tx, key: JourneyKey): Promise<number> {
  return (await journeyOf(tx, key)).passes_wanted;
}

/** The version a pass keeps to from its beginning to its end; null where the journey has no segment, or it is gone. */
async function versionToAsk(tx: Tx, key: JourneyKey): Promise<JourneyRun['segment_version']> {
  const { segment_id: segmentId, segment_version: version } = await journeyOf(tx, key);
  if (segmentId === null) return null;
  return (await loadSegmentTree(tx, key.appId, segmentId, version))?.version ?? null;
}

async function journeyOf(tx: Tx, { appId, journeyId }: JourneyKey) {
  return await tx
    .selectFrom('journey')
    .select(['segment_id', 'segment_version', 'passes_wanted'])
    .where('app_id', '=', appId)
    .where('id', '=', journeyId)
    .executeTakeFirstOrThrow();
}
