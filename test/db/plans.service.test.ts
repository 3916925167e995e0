import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ExplainingDatabase, nodesOf, openExplaining } from '../../bench/plans/explained.ts';
import { fill, type Sizes, scene } from '../../bench/plans/fill.ts';
import { explain, type Ground, groundOf } from '../../bench/plans/hotPaths/ground.ts';
import { hotPaths } from '../../bench/plans/hotPaths.ts';
import { faultsOf } from '../../bench/plans/report.ts';
import { useDatabase } from '../support/database.ts';
import { testDeps } from '../support/deps.ts';

/** Large enough for Postgres to prefer the plans it will take over millions of rows. */
const sizes: Sizes = {
  endpoints: 50_000,
  users: 35_000,
  events: 60_000,
  messages: 50_000,
  entries: 15_000,
  outbox: 10_000,
  resources: 100,
};

let explaining: ExplainingDatabase;
let ground: Ground;
const database = useDatabase();
beforeAll(async () => {
  await fill(database.db, sizes);
  explaining = openExplaining(database.url);
  const deps = testDeps(explaining.db, { clock: { now: async () => scene.now } });
  ground = await groundOf(deps, sizes);
});
afterAll(async () => {
  await explaining.db.destroy();
});

test.each(hotPaths)('$name looks at what it needs and at no table as a whole', async (hotPath) => {
  const statements = await explain(hotPath, ground, explaining.taken);
  expect(statements).not.toEqual([]);
  expect(faultsOf(hotPath, statements)).toEqual([]);
});

test('what is prepared looks for nothing in a table that grows, by whatever plan Postgres keeps', async () => {
  const generic = openExplaining(database.url, ['plan_cache_mode=force_generic_plan']);
  const deps = testDeps(generic.db, { clock: { now: async () => scene.now } });
  try {
    const statements = [];
    for (const hotPath of hotPaths)
      statements.push(...(await explain(hotPath, { ...ground, deps }, generic.taken)));
    const kept = statements.filter(({ sql }) => sql.startsWith('/* prepared: '));
    expect(kept).not.toEqual([]);
    const tables = kept.flatMap(({ plan }) =>
      nodesOf(plan).filter((node) => node['Node Type'].includes('Scan')),
    );
    expect(new Set(tables.flatMap((node) => node['Relation Name'] ?? []))).toEqual(new Set(['suppression']));
  } finally {
    await generic.db.destroy();
  }
});
