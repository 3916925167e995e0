import type { Deps } from '../deps.ts';
import { RepointError } from '../domain/errors.ts';
import { fingerprintOf } from './temporalIds.ts';

const NAME = 'temporal-ids';

/**
 * Makes sure that the passages which are under way were started with the ids that Temporal hears now: under others their
 * workflows would not be found, and would be taken for lost.
 * @throws RepointError Conflict saying what to set back
 */
export async function requireSameIds({ db, config }: Pick<Deps, 'db' | 'config'>): Promise<void> {
  const value = fingerprintOf(config);
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('installation')
      .values({ name: NAME, value })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const known = await tx
      .selectFrom('installation')
      .select('value')
      .where('name', '=', NAME)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (known.value === value) return;
    const open = await tx
      .selectFrom('journey_entry')
      .select('id')
      .where('ended_at', 'is', null)
      .limit(1)
      .executeTakeFirst();
    if (open !== undefined) throw changed;
    await tx.updateTable('installation').set({ value }).where('name', '=', NAME).execute();
  });
}

const changed = new RepointError(
  'Conflict',
  'REPOINT_HASH_IDS or REPOINT_HASH_KEY is not what it was when the journeys that people are in now were entered. ' +
    'Set it back, or change it when nobody is in a journey.',
);
