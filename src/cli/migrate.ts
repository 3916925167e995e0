import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { createDeps } from '../createDeps.ts';
import { migrate } from '../db/migrate.ts';
import { createPartitions } from '../db/partitions.ts';
import { createLog } from '../log.ts';

/** `repoint migrate`: brings the database to the newest schema. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database of DATABASE_URL to the newest schema; harmless when it is')
    .action(async () => {
      const config = readConfig(process.env);
      const deps = createDeps(config, createLog(config.REPOINT_LOG_LEVEL));
      try {
        const done = await migrate(deps.db);
        await createPartitions(deps.db, await deps.clock.now());
        console.log(done.length === 0 ? 'The schema is up to date.' : `Migrated: ${done.join(', ')}`);
      } finally {
        await deps.close();
      }
    });
}
