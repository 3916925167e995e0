import type { Pace, Rates } from '../../channels/rates.ts';
import type { Database, Tx } from '../../db/database.ts';
import { lockBucket, saveBucket } from '../../db/rateBuckets.ts';
import { intervalOf, type Line, takeSlots, takeTurns } from '../../domain/rate/line.ts';
import { createBatcher } from '../batcher.ts';

interface TurnsWish {
  readonly pace: Pace;
  readonly count: number;
  readonly from: Date;
}

/** The rates that journeys and campaigns set for themselves. */
export function createPaces(db: Database): Pick<Rates, 'turns' | 'slots'> {
  const turns = createBatcher((name: string, wishes: readonly TurnsWish[]) =>
    db.transaction().execute((tx) => takeAllTurns(tx, name, wishes)),
  );
  return {
    turns: (pace, count, from) => turns(nameOf(pace), { pace, count, from }),
    slots: (pace, count, withinMs) =>
      db.transaction().execute(async (tx) => {
        const bucket = await lockBucket(tx, nameOf(pace), pace.appId);
        const received = performance.now();
        const interval = intervalOf(pace.perSecond);
        const within = Math.max(withinMs * 1000, interval);
        const given = takeSlots(bucket.line, {
          now: bucket.now,
          count,
          interval,
          within,
          standing: 'returning',
        });
        await saveBucket(tx, nameOf(pace), { ...bucket, line: { ...given.line, queueAt: 0 } });
        return given.slots.map((slot) => received + (slot - bucket.now) / 1000);
      }),
  };
}

function nameOf({ of, appId, id }: Pace): string {
  return `${of} ${appId} ${id}`;
}

/** A journey's holds are logical time, and so are its turns. */
async function takeAllTurns(tx: Tx, name: string, wishes: readonly TurnsWish[]): Promise<Date[][]> {
  const [first] = wishes;
  const bucket = await lockBucket(tx, name, first?.pace.appId);
  let line: Line = bucket.line;
  const answers = wishes.map(({ pace, count, from }) => {
    const given = takeTurns(line, { now: from.getTime() * 1000, count, perSecond: pace.perSecond });
    ({ line } = given);
    return given.slots.map((slot) => new Date(slot / 1000));
  });
  await saveBucket(tx, name, { ...bucket, line });
  return answers;
}
