import { Readable } from 'node:stream';
import {
  type _Object,
  GetObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { RepointError } from '../domain/errors.ts';
import type { S3Location } from '../domain/s3Url.ts';
import type { FileStore, StoredFile } from './fileStore.ts';
import { changedFile, locate, maximumFiles, tooManyFiles } from './location.ts';

export interface S3Settings {
  readonly region: string;
  /** An S3-compatible server; absent: AWS. */
  readonly url: string | undefined;
}

/**
 * A client that goes to `url` or to AWS and nowhere else: `AWS_ENDPOINT_URL*` and a profile's `endpoint_url`, which callers
 * set to reach Repoint itself, are ignored. Credentials come from AWS's usual chain.
 */
export function createS3Client({ region, url }: S3Settings): S3Client {
  return new S3Client({
    region,
    ignoreConfiguredEndpointUrls: true,
    followRegionRedirects: true,
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
    ...(url === undefined ? {} : { endpoint: url, forcePathStyle: true }),
  });
}

/**
 * S3, or a server that speaks it. A url names one object, or else a folder: everything below `key/`, sub-folders too, so that
 * `s3://bucket/users` never picks up `users-old.json`.
 */
export function createS3Files(client: S3Client): FileStore {
  return {
    async list(url) {
      const location = locate(url);
      const exact = await translated(location, () => findObject(client, location));
      const files = exact ? [exact] : await translated(location, () => listFolder(client, location, url));
      if (files.length === 0) throw new RepointError('NotFound', `No file at ${url}`);
      return files;
    },
    async open(file) {
      const { Body } = await translated(file, () =>
        client.send(
          new GetObjectCommand({ Bucket: file.bucket, Key: file.key, IfMatch: file.version || undefined }),
        ),
      );
      if (!(Body instanceof Readable)) throw new RepointError('Unavailable', 'S3 answered without a body');
      return Body;
    },
  };
}

/** The object of exactly this key. Listing needs one permission for files and folders alike, a HEAD would need another. */
async function findObject(client: S3Client, { bucket, key }: S3Location): Promise<StoredFile | undefined> {
  if (key === '' || key.endsWith('/')) return undefined;
  // A key sorts before every longer one that it begins.
  const { Contents } = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }),
  );
  const first = Contents?.[0];
  return first?.Key === key ? storedFile(bucket, key, first) : undefined;
}

async function listFolder(client: S3Client, { bucket, key }: S3Location, url: string): Promise<StoredFile[]> {
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const files: StoredFile[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const object of page.Contents ?? []) {
      // Consoles make empty objects that stand for folders.
      const { Key = '/' } = object;
      if (!Key.endsWith('/')) files.push(storedFile(bucket, Key, object));
    }
    if (files.length > maximumFiles) throw tooManyFiles(url);
  }
  return files;
}

function storedFile(bucket: string, key: string, { Size = 0, ETag = '' }: _Object): StoredFile {
  return { bucket, key, sizeBytes: Size, version: ETag };
}

async function translated<T>(where: S3Location, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof RepointError ? error : translate(error, where);
  }
}

function translate(error: unknown, { bucket, key }: S3Location): RepointError {
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchBucket') return new RepointError('NotFound', `Bucket ${bucket} does not exist`);
  if (status === 404) return new RepointError('NotFound', `No file at s3://${bucket}/${key}`);
  if (status === 412) return changedFile(bucket, key);
  if (status === 403)
    return new RepointError(
      'Forbidden',
      `S3 does not let s3://${bucket}/${key} be read with these credentials (${name})`,
    );
  if (status !== undefined && status >= 400 && status < 429)
    return new RepointError('BadRequest', `S3 refused s3://${bucket}/${key} (${name})`);
  return new RepointError('Unavailable', `S3 could not be reached (${name || 'unknown error'})`, {
    cause: error,
  });
}
