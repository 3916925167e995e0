import path from 'node:path';
import type { FileStore } from './fileStore.ts';
import { createLocalFiles } from './localFiles.ts';
import { createS3Client, createS3Files } from './s3Files.ts';

/** The settings that decide where import jobs read. */
export interface FileSettings {
  readonly REPOINT_DELIVERY: 'mailbox' | 'live';
  readonly REPOINT_DATA_DIR: string;
  readonly REPOINT_UPSTREAM_S3_URL?: string | undefined;
  readonly region: string;
}

/** With the mailbox and no S3 server named, a folder below the data folder, so that nothing reaches AWS; otherwise S3. */
export function createFileStore(config: FileSettings): FileStore {
  const url = config.REPOINT_UPSTREAM_S3_URL;
  if (config.REPOINT_DELIVERY === 'mailbox' && url === undefined)
    return createLocalFiles(path.join(config.REPOINT_DATA_DIR, 's3'));
  return createS3Files(createS3Client({ region: config.region, url }));
}
