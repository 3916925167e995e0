import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../src/dev/embeddedPostgres.ts';
import { freePort } from '../src/dev/ports.ts';

/**
 * Runs a benchmark on a database of its own, in a folder of its own; both are gone when it is over.
 * @param settings of Postgres; none: as in production
 */
export async function withPostgres(
  settings: readonly string[],
  use: (url: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'repoint-bench-'));
  // Where it runs as root, Postgres runs as another user and has to come through.
  await chmod(folder, 0o755);
  try {
    const postgres = await startPostgres({
      dataFolder: path.join(folder, 'postgres'),
      logFile: path.join(folder, 'postgres.log'),
      port: await freePort(),
      settings: [...settings],
    });
    try {
      await use(await postgres.createDatabase('bench'), folder);
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
