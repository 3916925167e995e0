import { allStreams } from '../db/streams/eventStreams.ts';
import { dropRecords, dropStreamless } from '../db/streams/streamRecords.ts';
import type { Deps } from '../deps.ts';
import { HOUR_MS } from '../domain/duration.ts';

/**
 * Gives up what far ends did not take for longer, or more of it, than the settings keep, and says so. Several workers
 * share the work.
 * @returns how many records: there may be more
 */
export async function trimStreams({
  db,
  clock,
  log,
  config,
}: Pick<Deps, 'db' | 'clock' | 'log' | 'config'>): Promise<number> {
  const now = await clock.now();
  const since = new Date(now.getTime() - config.REPOINT_STREAM_KEEP_HOURS * HOUR_MS);
  const keeping = { since, most: config.REPOINT_STREAM_KEEP_RECORDS };
  let given = await dropStreamless(db);
  for (const { app_id: appId } of await allStreams(db)) {
    const dropped = await db.transaction().execute((tx) => dropRecords(tx, appId, keeping, now));
    if (dropped > 0)
      log.error(
        { appId, dropped },
        'records of the event stream were given up: its far end was away for too long',
      );
    given += dropped;
  }
  return given;
}
