import { createPartitions } from './db/partitions.ts';
import { purgeKeys } from './db/purgeKeys.ts';
import type { Deps } from './deps.ts';

/**
 * What a database needs from time to time: partitions for the months to come, and the removal of keys that are past their
 * time. Any number of workers may do it. Answers how many keys it removed: there may be more.
 */
export async function keepUp({ db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>): Promise<number> {
  const now = await clock.now();
  const made = await createPartitions(db, now);
  if (made.length > 0) log.info({ partitions: made }, 'partitions made');
  return await purgeKeys(db, now);
}
