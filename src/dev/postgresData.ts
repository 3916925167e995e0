import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { RepointError } from '../domain/errors.ts';
import type { PostgresPrograms, RunAs } from './postgresPrograms.ts';
import { programName } from './processes.ts';

const run = promisify(execFile);
const majorVersion = '18';

/**
 * Makes the folder ready for a start: a new cluster where there is none, and no pid file of a server that is gone.
 * @throws RepointError Conflict when it holds something else or is in use, saying what to do
 */
export async function prepareData(
  dataFolder: string,
  user: string,
  programs: PostgresPrograms,
  runAs: RunAs | null,
): Promise<void> {
  if (!(await hasCluster(dataFolder))) await createCluster(dataFolder, user, programs, runAs);
  await removeStalePidFile(dataFolder);
}

/** The error for a folder that cannot be used as it is. */
export function unusable(dataFolder: string, problem: string): RepointError {
  return new RepointError(
    'Conflict',
    `The database folder ${dataFolder} ${problem}. Put back a good copy of it, or move it away to start empty ` +
      `(mv ${dataFolder} ${dataFolder}.broken), or set REPOINT_DATA_DIR to another folder.`,
  );
}

async function hasCluster(dataFolder: string): Promise<boolean> {
  const files = await readdir(dataFolder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw unusable(dataFolder, `cannot be read (${error.code})`);
  });
  if (files.length === 0) return false;
  const version = await readFile(path.join(dataFolder, 'PG_VERSION'), 'utf8').catch(() => '');
  if (version.trim() === majorVersion) return true;
  throw unusable(
    dataFolder,
    version === ''
      ? 'is not a database folder: it has no PG_VERSION'
      : `was written by Postgres ${version.trim()}`,
  );
}

/** Made beside its place and renamed at the end: a first start that is interrupted leaves nothing broken behind. */
async function createCluster(
  dataFolder: string,
  user: string,
  programs: PostgresPrograms,
  runAs: RunAs | null,
): Promise<void> {
  const building = await mkdtemp(`${dataFolder}-new-`);
  try {
    const passwordFile = path.join(building, 'password');
    await writeFile(passwordFile, `${user}\n`, { mode: 0o600 });
    if (runAs !== null)
      await Promise.all([building, passwordFile].map((f) => chown(f, runAs.uid, runAs.gid)));
    const cluster = path.join(building, 'cluster');
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = ['--auth=scram-sha-256', `--username=${user}`, `--pwfile=${passwordFile}`];
    await run(programs.initdb, [`--pgdata=${cluster}`, '--no-instructions', ...locale, ...access], {
      ...runAs,
      cwd: building,
    }).catch((error: Error & { stderr?: string }) => {
      throw cannotCreate(dataFolder, error.stderr?.trim() || error.message, runAs);
    });
    await rm(dataFolder, { recursive: true, force: true });
    await rename(cluster, dataFolder);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

function cannotCreate(dataFolder: string, reason: string, runAs: RunAs | null): RepointError {
  const asRoot =
    runAs === null
      ? ''
      : ` Postgres does not run as root, so it runs as user ${runAs.uid}, who must be able to enter every folder ` +
        'above this one and above the clone: put both outside of /root, or run as another user.';
  return new RepointError('Unavailable', `No database could be made in ${dataFolder}: ${reason}.${asRoot}`);
}

/** Postgres believes a pid file whose number some other program has got by now; we look at the program. */
async function removeStalePidFile(dataFolder: string): Promise<void> {
  const file = path.join(dataFolder, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return;
  const pid = Number(text.split('\n')[0]);
  if ((await programName(pid)) === 'postgres') {
    throw new RepointError(
      'Conflict',
      `Another Postgres (process ${pid}) uses ${dataFolder}. Stop it (kill -INT ${pid}), or set REPOINT_DATA_DIR ` +
        'to another folder.',
    );
  }
  if (process.platform !== 'win32') await rm(file, { force: true });
}
