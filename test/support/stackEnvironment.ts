import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../src/dev/ports.ts';

/** An environment in which an embedded stack starts beside every other: ports that are free and a folder of its own. */
export interface StackEnvironment {
  readonly env: Record<string, string>;
  readonly folder: string;
  readonly apiUrl: string;
  readonly mailboxUrl: string;
  remove(): Promise<void>;
}

export async function newStackEnvironment(): Promise<StackEnvironment> {
  const folder = await mkdtemp(path.join(tmpdir(), 'repoint-stack-'));
  // as root, Postgres runs as another user
  await chmod(folder, 0o755);
  const names = ['PORT', 'MAILBOX_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT'];
  const ports = await Promise.all(names.map(async (name) => [`REPOINT_${name}`, String(await freePort())]));
  const env: Record<string, string> = { ...Object.fromEntries(ports), REPOINT_DATA_DIR: folder };
  return {
    env,
    folder,
    apiUrl: `http://127.0.0.1:${env.REPOINT_PORT}`,
    mailboxUrl: `http://127.0.0.1:${env.REPOINT_MAILBOX_PORT}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
