import { serveApi } from './api/serveApi.ts';
import { readConfig } from './config.ts';
import { createDeps } from './createDeps.ts';
import { requireMigrated } from './db/migrate.ts';
import { requireFreePorts } from './dev/ports.ts';
import { createLog } from './log.ts';
import { runUntilStopped } from './runUntilStopped.ts';

/** Runs the API until a signal: `repoint api`. It needs Postgres only; Temporal is the worker's. */
export function runApiProcess(env: Record<string, string | undefined>): Promise<void> {
  return runUntilStopped(async () => {
    const config = readConfig(env);
    const log = createLog(config.REPOINT_LOG_LEVEL);
    const deps = createDeps(config, log);
    await requireMigrated(deps.db);
    await requireFreePorts([
      { port: config.REPOINT_PORT, host: config.REPOINT_HOST, setting: 'REPOINT_PORT', what: 'the API' },
    ]);
    const address = { host: config.REPOINT_HOST, port: config.REPOINT_PORT };
    const api = await serveApi(deps, address, { health: { postgres: deps.checkDatabase } });
    log.info({ url: api.url }, 'API is up');
    return {
      stop: async () => {
        await api.close();
        await deps.close();
        log.info('API has stopped');
      },
    };
  });
}
