import type { Command } from 'commander';
import { migrate } from '../db/migrate.ts';
import { createPartitions } from '../db/partitions.ts';
import { withUnmigrated } from './withDeps.ts';

/** `repoint migrate`: brings the database to the newest schema. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database of DATABASE_URL to the newest schema; harmless when it is')
    .action(() =>
      withUnmigrated(async ({ db, clock }) => {
        const done = await migrate(db);
        await createPartitions(db, await clock.now());
        console.log(done.length === 0 ? 'The schema is up to date.' : `Migrated: ${done.join(', ')}`);
      }),
    );
}
