import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { badRequest, RepointError } from '../domain/errors.ts';
import type { FileStore, StoredFile } from './fileStore.ts';
import { changedFile, locate, maximumFiles, tooManyFiles } from './location.ts';

/**
 * A folder that stands for S3: `s3://bucket/key` is `{folder}/bucket/key`. Nothing outside the folder can be reached, neither
 * by `..` nor through a symbolic link.
 */
export function createLocalFiles(folder: string): FileStore {
  return {
    async list(url) {
      const { bucket, key } = locate(url);
      const root = await realRoot(folder);
      const noBucket = `Bucket ${bucket} does not exist: there is no folder ${path.join(root, bucket)}`;
      await within(root, bucket, noBucket);
      const target = await within(root, path.join(bucket, checkedKey(key)), `No file at ${url}`);
      const files = await filesAt({ root, bucket, key, url }, target);
      if (files.length === 0) throw new RepointError('NotFound', `No file at ${url}`);
      return files.sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    async open({ bucket, key, version }) {
      const root = await realRoot(folder);
      const missing = `No file at s3://${bucket}/${key}`;
      const file = await within(root, path.join(bucket, checkedKey(key)), missing);
      if ((await inspect(file)).version !== version) throw changedFile(bucket, key);
      return createReadStream(file);
    },
  };
}

/** Where something is looked for; `root` is a real path. */
interface Search {
  readonly root: string;
  readonly bucket: string;
  readonly key: string;
  readonly url: string;
}

async function filesAt({ root, bucket, key, url }: Search, target: string): Promise<StoredFile[]> {
  const { isFile, sizeBytes, version } = await inspect(target);
  if (isFile) return key.endsWith('/') ? [] : [{ bucket, key, sizeBytes, version }];
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const files: StoredFile[] = [];
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const full = path.join(entry.parentPath, entry.name);
    const found = await inspectInside(root, full);
    if (!found?.isFile) continue;
    const below = path.relative(target, full).split(path.sep).join('/');
    files.push({ bucket, key: `${prefix}${below}`, sizeBytes: found.sizeBytes, version: found.version });
    if (files.length > maximumFiles) throw tooManyFiles(url);
  }
  return files;
}

/** What a path leads to; nothing when that is outside. Links to folders are not followed, as they could make a circle. */
async function inspectInside(root: string, full: string): Promise<Inspected | undefined> {
  const real = await realpath(full).catch(() => undefined);
  return real !== undefined && isInside(root, real) ? await inspect(real) : undefined;
}

/** The folder without links on its own way; it need not exist yet. */
async function realRoot(folder: string): Promise<string> {
  const full = path.resolve(folder);
  return await realpath(full).catch(() => full);
}

/** The real path of something that exists below the root. */
async function within(root: string, relative: string, missing: string): Promise<string> {
  const real = await realpath(path.join(root, relative)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new RepointError('NotFound', missing);
    throw error;
  });
  if (!isInside(root, real))
    throw new RepointError('Forbidden', 'A link in the folder that stands for S3 leads out of it');
  return real;
}

function isInside(root: string, candidate: string): boolean {
  return candidate.startsWith(root + path.sep);
}

function checkedKey(key: string): string {
  if (key.includes('\0') || key.split(/[/\\]/).some((segment) => segment === '..' || segment === '.'))
    throw badRequest([{ path: 'S3Url', message: 'a key may not hold "." or ".." as a segment' }]);
  return key;
}

interface Inspected {
  readonly isFile: boolean;
  readonly sizeBytes: number;
  readonly version: string;
}

async function inspect(file: string): Promise<Inspected> {
  const found = await stat(file);
  return { isFile: found.isFile(), sizeBytes: found.size, version: `${found.size}-${found.mtimeMs}` };
}
