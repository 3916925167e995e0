import { dropBodies } from './db/messages/dropBodies.ts';
import { createPartitions } from './db/partitions.ts';
import { purgeKeys } from './db/purgeKeys.ts';
import type { Deps } from './deps.ts';
import { DAY_MS } from './domain/duration.ts';
import { trimStreams } from './streams/trimStreams.ts';

/**
 * What a database needs from time to time: partitions for the months to come, and the removal of keys, message bodies and
 * records of event streams that are past their time. Any number of workers may do it. Answers how many of these it removed:
 * there may be more.
 */
export async function keepUp(deps: Pick<Deps, 'config' | 'db' | 'clock' | 'log'>): Promise<number> {
  const { config, db, clock, log } = deps;
  const now = await clock.now();
  const made = await createPartitions(db, now);
  if (made.length > 0) log.info({ partitions: made }, 'partitions made');
  const bodiesBefore = new Date(now.getTime() - config.REPOINT_KEEP_BODIES_DAYS * DAY_MS);
  return (await purgeKeys(db, now)) + (await dropBodies(db, bodiesBefore)) + (await trimStreams(deps));
}
