import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FileStore } from '../../src/files/fileStore.ts';
import { createLocalFiles } from '../../src/files/localFiles.ts';
import { useStarted } from './useStarted.ts';

export interface LocalBucket {
  /** The folder that stands for S3. */
  readonly folder: string;
  readonly files: FileStore;
  /** Writes `s3://my-pinpoint-data/{key}`. */
  put(key: string, body: string | Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

/** A bucket for the tests of a file. */
export function useLocalBucket(): LocalBucket {
  return useStarted(createLocalBucket, (bucket) => bucket.remove());
}

/** A folder of its own with the bucket `my-pinpoint-data`. */
async function createLocalBucket(): Promise<LocalBucket> {
  const folder = await mkdtemp(path.join(tmpdir(), 'repoint-s3-'));
  await mkdir(path.join(folder, 'my-pinpoint-data'));
  return {
    folder,
    files: createLocalFiles(folder),
    put: async (key, body) => {
      const file = path.join(folder, 'my-pinpoint-data', key);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, body);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
