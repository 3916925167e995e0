import { text } from 'node:stream/consumers';
import { CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFileStore } from '../../src/files/createFileStore.ts';
import type { FileStore } from '../../src/files/fileStore.ts';
import { createS3Client, createS3Files } from '../../src/files/s3Files.ts';
import { inParallel } from '../../src/sending/inParallel.ts';
import { hasMoto, type Moto, startMoto } from '../support/moto.ts';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
  // Where callers reach Repoint; nothing of ours may go there.
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:1');
});
afterEach(() => vi.unstubAllEnvs());

/** The host of the request that would leave, which does not. */
async function hostOf(client: S3Client): Promise<string> {
  let host = '';
  client.middlewareStack.add(
    () => async (args) => {
      host = (args.request as { hostname: string }).hostname;
      throw new Error('kept here');
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await expect(createS3Files(client).list('s3://some-bucket/key')).rejects.toMatchObject({
    cause: { message: 'kept here' },
  });
  return host;
}

it("goes to AWS's own host when no server is named, whatever AWS_ENDPOINT_URL says", async () => {
  const client = createS3Client({ region: 'eu-west-1', url: undefined });
  expect(await hostOf(client)).toBe('some-bucket.s3.eu-west-1.amazonaws.com');
});

describe.skipIf(!hasMoto())('a real S3 API', () => {
  let moto: Moto;
  let client: S3Client;
  let files: FileStore;
  beforeAll(async () => {
    moto = await startMoto();
    files = createFileStore({
      REPOINT_DELIVERY: 'mailbox',
      REPOINT_DATA_DIR: '/nonexistent',
      REPOINT_UPSTREAM_S3_URL: moto.url,
      region: 'us-east-1',
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
    client = createS3Client({ region: 'us-east-1', url: moto.url });
    await client.send(new CreateBucketCommand({ Bucket: 'my-data' }));
    const many = Array.from({ length: 1_050 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
    const keys = [
      'users.json',
      'users-old.json',
      'users/',
      'users/b.json',
      'users/deep/a ü%2F.json',
      ...many,
    ];
    // moto takes up to 5 s to let one more in when hundreds knock
    await inParallel(keys, 16, async (Key) => {
      await client.send(new PutObjectCommand({ Bucket: 'my-data', Key, Body: `body of ${Key}` }));
    });
  }, 120_000);

  const keys = async (url: string) => (await files.list(url)).map((file) => file.key);

  it('lists one object by its key and reads it', async () => {
    const [file, ...more] = await files.list('s3://my-data/users.json');
    expect(more).toEqual([]);
    expect(file).toMatchObject({ bucket: 'my-data', key: 'users.json', sizeBytes: 18 });
    if (file) expect(await text(await files.open(file))).toBe('body of users.json');
  });

  it('lists everything below a folder, and not what only begins like it', async () => {
    const below = ['users/b.json', 'users/deep/a ü%2F.json'];
    expect(await keys('s3://my-data/users/')).toEqual(below);
    expect(await keys('s3://my-data/users')).toEqual(below);
    const [, odd] = await files.list('s3://my-data/users/');
    if (odd) expect(await text(await files.open(odd))).toBe('body of users/deep/a ü%2F.json');
  });

  it('lists folders of more than one page, in key order', async () => {
    const found = await keys('s3://my-data/many');
    expect(found).toHaveLength(1_050);
    expect(found).toEqual(found.toSorted());
  });

  it.each([
    ['s3://not-there/users.json', 'NotFound', 'Bucket not-there does not exist'],
    ['s3://my-data/nothing/here', 'NotFound', 'No file at s3://my-data/nothing/here'],
  ])('says of %s that it is %s', async (url, code, message) => {
    await expect(files.list(url)).rejects.toMatchObject({ code, message });
  });

  it('says of an object that has gone since it was listed that it is not found', async () => {
    const gone = { bucket: 'my-data', key: 'gone', sizeBytes: 1, version: '' };
    await expect(files.open(gone)).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('does not open an object that was changed since it was listed', async () => {
    const put = (Body: string) =>
      client.send(new PutObjectCommand({ Bucket: 'my-data', Key: 'changing', Body }));
    await put('one');
    const [file] = await files.list('s3://my-data/changing');
    await put('another');
    expect(file).toBeDefined();
    if (file) await expect(files.open(file)).rejects.toMatchObject({ code: 'Conflict' });
  });

  it('survives a reader that stops in the middle', async () => {
    const [file] = await files.list('s3://my-data/users.json');
    if (file) (await files.open(file)).destroy();
    expect(await keys('s3://my-data/users')).toHaveLength(2);
  });
});

it('calls a server that does not answer unavailable', async () => {
  const client = createS3Client({ region: 'us-east-1', url: 'http://127.0.0.1:1' });
  client.config.maxAttempts = async () => 1;
  const listing = createS3Files(client).list('s3://my-data/users.json');
  await expect(listing).rejects.toMatchObject({ code: 'Unavailable' });
});
