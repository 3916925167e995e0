import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { testDeps } from '../test/support/deps.ts';
import { openExplaining } from './plans/explained.ts';
import { fill, type Sizes, scene } from './plans/fill.ts';
import { explain, groundOf } from './plans/hotPaths/ground.ts';
import { hotPaths } from './plans/hotPaths.ts';
import { type Fault, faultsOf, report } from './plans/report.ts';
import { withPostgres } from './withPostgres.ts';

const million: Sizes = {
  endpoints: 1_000_000,
  users: 700_000,
  events: 2_000_000,
  messages: 1_000_000,
  entries: 300_000,
  outbox: 200_000,
  resources: 2_000,
};

/** Runs each hot path twice on a full database, the first time to warm it, and prints the plans of the second. */
export async function run(): Promise<void> {
  await withPostgres(
    [
      'fsync=off',
      'full_page_writes=off',
      'wal_level=minimal',
      'max_wal_senders=0',
      'max_wal_size=16GB',
      'autovacuum=off',
      'shared_buffers=1GB',
    ],
    measure,
  );
}

async function measure(url: string): Promise<void> {
  const filling = openDatabase(url, { max: 1 });
  await migrate(filling);
  const began = performance.now();
  await fill(filling, million);
  await filling.destroy();
  console.log(`filled in ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
  const { db, taken } = openExplaining(url);
  const deps = testDeps(db, { clock: { now: async () => scene.now } });
  const faults: Fault[] = [];
  try {
    const ground = await groundOf(deps, million);
    for (const hotPath of hotPaths) {
      const statements = await explain(hotPath, ground, taken);
      console.log(report(hotPath.name, statements));
      faults.push(...faultsOf(hotPath, statements));
    }
  } finally {
    await db.destroy();
  }
  for (const { path: name, what, sql } of faults) console.log(`FAULT ${name}: ${what}\n  ${sql}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
