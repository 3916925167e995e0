import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileStore } from '../../src/files/fileStore.ts';
import { createLocalFiles } from '../../src/files/localFiles.ts';

let folder: string;
let files: FileStore;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-files-'));
  const bucket = path.join(folder, 's3', 'bucket');
  await mkdir(path.join(bucket, 'users', 'deep', 'er'), { recursive: true });
  await writeFile(path.join(bucket, 'users.json'), 'one');
  await writeFile(path.join(bucket, 'users', 'b.json'), 'bb');
  await writeFile(path.join(bucket, 'users', 'deep', 'er', 'a.json'), 'a');
  await writeFile(path.join(folder, 'secret'), 'secret');
  await symlink(path.join(folder, 'secret'), path.join(bucket, 'users', 'link'));
  await symlink(folder, path.join(bucket, 'out'));
  await symlink(path.join(bucket, 'users.json'), path.join(bucket, 'users', 'alias.json'));
  files = createLocalFiles(path.join(folder, 's3'));
});
afterAll(() => rm(folder, { recursive: true }));

const keys = async (url: string) => (await files.list(url)).map((file) => file.key);

it('lists one file by its key and reads it', async () => {
  const [file, ...more] = await files.list('s3://bucket/users.json');
  expect(more).toEqual([]);
  expect(file).toMatchObject({ bucket: 'bucket', key: 'users.json', sizeBytes: 3 });
  if (file) expect(await text(await files.open(file))).toBe('one');
});

it.each([['s3://bucket/users'], ['s3://bucket/users/']])(
  'lists everything below %s in key order, and nothing that a link leads out to',
  async (url) => {
    expect(await keys(url)).toEqual(['users/alias.json', 'users/b.json', 'users/deep/er/a.json']);
  },
);

it('lists a whole bucket', async () => {
  expect(await keys('s3://bucket')).toContain('users.json');
  expect(await keys('s3://bucket/')).toContain('users/b.json');
});

describe('refuses', () => {
  it.each([
    ['s3://nothere/users.json', 'NotFound', 'Bucket nothere does not exist'],
    ['s3://bucket/nothere.json', 'NotFound', 'No file at s3://bucket/nothere.json'],
    ['s3://bucket/users.json/', 'NotFound', 'No file at'],
    ['s3://bucket/users.json/x', 'NotFound', 'No file at'],
    ['s3://bucket/../../secret', 'BadRequest', '".."'],
    ['s3://bucket/users/..\\..\\..\\secret', 'BadRequest', '".."'],
    ['s3://bucket/out/secret', 'Forbidden', 'leads out of it'],
    ['s3://bucket/out', 'Forbidden', 'leads out of it'],
    ['s3://../secret', 'BadRequest', 's3://bucket/key'],
    ['/etc/passwd', 'BadRequest', 's3://bucket/key'],
    ['https://bucket/key', 'BadRequest', 's3://bucket/key'],
  ])('%s as %s', async (url, code, words) => {
    await expect(files.list(url)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('to open a file that a link leads out to', async () => {
    const outside = { bucket: 'bucket', key: 'users/link', sizeBytes: 6, version: '' };
    await expect(files.open(outside)).rejects.toMatchObject({ code: 'Forbidden' });
    const above = { bucket: '..', key: 'secret', sizeBytes: 6, version: '' };
    await expect(files.open(above)).rejects.toMatchObject({ code: 'Forbidden' });
  });
});

it('reads an absolute key below the folder only', async () => {
  await expect(files.list('s3://bucket//etc/passwd')).rejects.toMatchObject({ code: 'NotFound' });
});

it('works where the folder itself is reached through a link', async () => {
  const link = path.join(folder, 'link-to-s3');
  await symlink(path.join(folder, 's3'), link);
  const linked = createLocalFiles(link);
  expect((await linked.list('s3://bucket/users/')).map((file) => file.key)).toContain('users/b.json');
});

it('does not open a file that was changed since it was listed', async () => {
  await writeFile(path.join(folder, 's3', 'bucket', 'changing'), 'one');
  const [file] = await files.list('s3://bucket/changing');
  await writeFile(path.join(folder, 's3', 'bucket', 'changing'), 'another');
  if (file) await expect(files.open(file)).rejects.toMatchObject({ code: 'Conflict' });
  expect(file).toBeDefined();
});
