import type { Dirent } from 'node:fs';
import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { badRequest, RepointError } from '../domain/errors.ts';
import type { FileStore, StoredFile } from './fileStore.ts';
import { locate, maximumFiles, tooManyFiles } from './location.ts';

/**
 * A folder that stands for S3: `s3://bucket/key` is `{folder}/bucket/key`. Nothing outside the folder can be reached, neither
 * by `..` nor through a symbolic link.
 */
export function createLocalFiles(folder: string): FileStore {
  const root = path.resolve(folder);
  return {
    async list(url) {
      const { bucket, key } = locate(url);
      await within(
        root,
        bucket,
        `Bucket ${bucket} does not exist: there is no folder ${path.join(root, bucket)}`,
      );
      const target = await within(root, path.join(bucket, checkedKey(key)), `No file at ${url}`);
      const files = await filesAt(root, bucket, target, key, url);
      if (files.length === 0) throw new RepointError('NotFound', `No file at ${url}`);
      return files.sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    async open(file) {
      const missing = `No file at s3://${file.bucket}/${file.key}`;
      return createReadStream(await within(root, path.join(file.bucket, checkedKey(file.key)), missing));
    },
  };
}

async function filesAt(
  root: string,
  bucket: string,
  target: string,
  key: string,
  url: string,
): Promise<StoredFile[]> {
  const { size, ...found } = await statOf(target);
  if (found.isFile) return key.endsWith('/') ? [] : [{ bucket, key, sizeBytes: size }];
  const files: StoredFile[] = [];
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    const file = await storedFile(root, bucket, target, key, entry);
    if (file) files.push(file);
    if (files.length > maximumFiles) throw tooManyFiles(url);
  }
  return files;
}

/** A file below a folder; links to folders are not followed, links to files only inside the root. */
async function storedFile(
  root: string,
  bucket: string,
  folder: string,
  key: string,
  entry: Dirent,
): Promise<StoredFile | undefined> {
  if (entry.isDirectory()) return undefined;
  const full = path.join(entry.parentPath, entry.name);
  const real = await realpath(full).catch(() => undefined);
  if (real === undefined || !isInside(root, real)) return undefined;
  const { isFile, size } = await statOf(real);
  const below = path.relative(folder, full).split(path.sep).join('/');
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  return isFile ? { bucket, key: `${prefix}${below}`, sizeBytes: size } : undefined;
}

/** The real path of something that exists below the root. */
async function within(root: string, relative: string, missing: string): Promise<string> {
  const realRoot = await realpath(root).catch(() => root);
  const real = await realpath(path.join(realRoot, relative)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new RepointError('NotFound', missing);
    throw error;
  });
  if (!isInside(realRoot, real))
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

async function statOf(file: string): Promise<{ isFile: boolean; size: number }> {
  const found = await stat(file);
  return { isFile: found.isFile(), size: found.size };
}
