import type { Entry } from '../../../src/db/journeys/entries.ts';
import type { Deps } from '../../../src/deps.ts';
import type { Explained } from '../explained.ts';
import { type Sizes, scene } from '../fill.ts';

/** What the paths are run on. */
export interface Ground {
  readonly deps: Deps;
  readonly sizes: Sizes;
  /** Entries whose message was sent, and some that have not begun; one for each turn. */
  readonly sent: readonly [Entry, Entry];
  readonly fresh: readonly [Entry, Entry];
  /** A hundred entries that wait for their start. */
  readonly unstarted: readonly { readonly app_id: string; readonly entry_id: string }[];
  readonly runId: string;
}

export type Turn = 0 | 1;

export interface HotPath {
  readonly name: string;
  /** The most rows that one of its statements may look at in a table that grows; 1,000 where it says nothing. */
  readonly mostRows?: number;
  /** Done twice, first to warm up: `turn` makes the second something new. */
  readonly run: (ground: Ground, turn: Turn) => Promise<unknown>;
}

export const time = { logical: scene.now, real: scene.now };
export const inTransaction = (deps: Deps) => deps.db.transaction();
export const someIds = (id: (n: number) => string) => Array.from({ length: 100 }, (_, n) => id(n + 1));

/** Finds what the paths are run on, in a database that `fill` has filled. */
export async function groundOf(deps: Deps, sizes: Sizes): Promise<Ground> {
  const entries = async (isStarted: boolean): Promise<[Entry, Entry]> => {
    const [first, second] = await deps.db
      .selectFrom('journey_entry')
      .selectAll()
      .where('app_id', '=', scene.appId)
      .where('start_confirmed_at', isStarted ? 'is not' : 'is', null)
      .orderBy('id', 'desc')
      .limit(2)
      .execute();
    if (first === undefined || second === undefined) throw new Error('there are too few entries');
    return [first, second];
  };
  const run = await deps.db
    .selectFrom('campaign_run')
    .select('id')
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  const unstarted = await deps.db
    .selectFrom('journey_entry')
    .select(['app_id', 'id as entry_id'])
    .where('start_confirmed_at', 'is', null)
    .orderBy('id')
    .limit(100)
    .execute();
  const ofBoth = { sent: await entries(true), fresh: await entries(false) };
  return { deps, sizes, ...ofBoth, unstarted, runId: run.id };
}

/** Does a path twice; the statements of the second time. */
export async function explain(
  { run }: HotPath,
  ground: Ground,
  taken: () => Explained[],
): Promise<Explained[]> {
  await run(ground, 0);
  taken();
  await run(ground, 1);
  return taken();
}
