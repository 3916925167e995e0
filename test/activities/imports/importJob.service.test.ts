import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { findPiece } from '../../../src/db/imports/importPieces.ts';
import { RepointError } from '../../../src/domain/errors.ts';
import type { FileStore } from '../../../src/files/fileStore.ts';
import { useImportJobs } from '../../support/importJobs.ts';

const { activities, appId, bucket, createJob, database, read, runJob, storedIds } = useImportJobs();

const url = (key: string) => `s3://my-pinpoint-data/${key}`;
const endpoint = (n: number) => ({ Id: `e${n}`, ChannelType: 'EMAIL', Address: `p${n}@example.com` });
const lines = (...values: unknown[]) =>
  values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');
const endpoints = (count: number) => Array.from({ length: count }, (_, n) => endpoint(n + 1));

/** How often each endpoint was written: each write leaves a row here. */
async function writesPerEndpoint(): Promise<number[]> {
  const rows = await database.db
    .selectFrom('dirty_endpoint')
    .where('app_id', '=', appId())
    .groupBy('endpoint_id')
    .select((eb) => eb.fn.countAll<string>().as('writes'))
    .execute();
  return rows.map((row) => Number(row.writes));
}

describe('a file', () => {
  it('becomes endpoints, and the job tells how many', async () => {
    await bucket.put('plain/users.json', lines(...endpoints(250)));
    expect(await runJob(url('plain/users.json'))).toMatchObject({
      status: 'COMPLETED',
      totalPieces: 1,
      completedPieces: 1,
      failedPieces: 0,
      totalProcessed: 250,
      totalFailures: 0,
      failures: [],
      completedAt: expect.any(Date),
    });
    expect(await storedIds()).toHaveLength(250);
  });

  it('in gzip is told by its bytes, not its name', async () => {
    await bucket.put('zipped/users.json', gzipSync(lines(...endpoints(3))));
    expect(await runJob(url('zipped/users.json'))).toMatchObject({ status: 'COMPLETED', totalProcessed: 3 });
    expect(await storedIds()).toEqual(['e1', 'e2', 'e3']);
  });

  it('with bad lines in the middle keeps all others, and names each bad line with its reason', async () => {
    const bad = ['{"Id": "x"', { Id: 'no-address', ChannelType: 'EMAIL' }, '', { ChannelType: 'EMAIL' }];
    await bucket.put('bad/users.json', lines(endpoint(1), ...bad, endpoint(2), 'garbage', endpoint(3)));
    const job = await runJob(url('bad/users.json'));
    expect(job).toMatchObject({ status: 'COMPLETED', totalProcessed: 7, totalFailures: 4 });
    expect(job.failures).toEqual([
      { name: 'users.json', line: 2, message: expect.stringContaining('not valid JSON') },
      { name: 'users.json', line: 3, message: expect.stringContaining('Missing Address') },
      { name: 'users.json', line: 5, message: expect.stringContaining('Address') },
      { name: 'users.json', line: 7, message: expect.stringContaining('not valid JSON') },
    ]);
    expect(await storedIds()).toEqual(['e1', 'e2', 'e3']);
  });

  it('of nothing but refused lines tells the first hundred and counts all', async () => {
    await bucket.put(
      'refused/users.json',
      lines(...Array.from({ length: 260 }, (_, n) => ({ Id: `r${n}`, ChannelType: 'EMAIL' }))),
    );
    const job = await runJob(url('refused/users.json'));
    expect(job).toMatchObject({ status: 'COMPLETED', totalProcessed: 260, totalFailures: 260 });
    expect(job.failures.map((failure) => failure.line)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(await storedIds()).toEqual([]);
  });

  it('imported again changes no count of endpoints, with ids and without', async () => {
    await bucket.put('twice/users.json', lines(endpoint(1), { ChannelType: 'SMS', Address: '+12065550100' }));
    await runJob(url('twice/users.json'));
    await runJob(url('twice/users.json'));
    expect(await storedIds()).toHaveLength(2);
  });

  it('of 10,000 lines is read no further ahead of what is stored than a slice and a buffer', async () => {
    let pulled = 0;
    let ahead = 0;
    const id = await createJob(url('long.json'));
    const files: FileStore = {
      list: async () => [{ bucket: 'my-pinpoint-data', key: 'long.json', sizeBytes: 1, version: 'v' }],
      open: async () =>
        Readable.from(
          (async function* () {
            for (; pulled < 10_000; pulled += 1) {
              if (pulled % 50 === 0) {
                const piece = await findPiece(database.db, { ...id, piece: 1 });
                ahead = Math.max(ahead, pulled - (piece?.linesDone ?? 0));
              }
              yield Buffer.from(lines(endpoint(pulled)));
            }
          })(),
        ),
    };
    const { listImportPieces, importPiece } = activities(files);
    await listImportPieces(id);
    await importPiece({ ...id, piece: 1 });
    expect(await read(id)).toMatchObject({ totalProcessed: 10_000, totalFailures: 0 });
    expect(ahead).toBeLessThan(200);
  });
});

describe('a folder', () => {
  it('is imported file by file, sub-folders too; a file that cannot be read fails alone, and the job with it', async () => {
    await bucket.put('folder/a.json', lines(endpoint(1)));
    await bucket.put('folder/deep/b.json', lines(endpoint(2), '{'));
    await bucket.put('folder/c.json', gzipSync(lines(...endpoints(5_000))).subarray(0, 2_000));
    await bucket.put('folder/d.csv', 'Id\nx\n');
    const job = await runJob(url('folder/'));
    expect(job).toMatchObject({ status: 'FAILED', totalPieces: 3, completedPieces: 2, failedPieces: 1 });
    expect(job.failures).toContainEqual({
      name: 'c.json',
      line: 0,
      message: 'The gzip data is broken or cut short',
    });
    expect(job.failures).toContainEqual(expect.objectContaining({ name: 'deep/b.json', line: 2 }));
    expect(await storedIds()).toEqual(expect.arrayContaining(['e1', 'e2']));
  });

  it.each([
    ['s3://not-there/users.json', 'Bucket not-there does not exist'],
    ['s3://my-pinpoint-data/not/there.json', 'No file at s3://my-pinpoint-data/not/there.json'],
  ])('%s that does not exist ends the job FAILED with the reason', async (missing, reason) => {
    const job = await runJob(missing);
    expect(job).toMatchObject({ status: 'FAILED', totalPieces: 0, completedAt: expect.any(Date) });
    expect(job.failures).toEqual([{ name: null, line: 0, message: expect.stringContaining(reason) }]);
  });
});

describe('an attempt that dies', () => {
  it('by a kill in the middle is taken up by the next at its next line: nothing twice, nothing left out', async () => {
    await bucket.put('killed/users.json', lines(...endpoints(3_000)));
    const id = await createJob(url('killed/users.json'));
    await activities().listImportPieces(id);
    const piece = { ...id, piece: 1 };
    const script = fileURLToPath(new URL('../../support/importPieceProcess.ts', import.meta.url));
    const child = spawn(process.execPath, [script, database.url, bucket.folder, JSON.stringify(piece)], {
      stdio: 'inherit',
    });
    const exited = once(child, 'exit');
    const started = async () => ((await findPiece(database.db, piece))?.linesDone ?? 0) > 0;
    while (child.exitCode === null && !(await started()));
    child.kill('SIGKILL');
    expect(await exited).toEqual([null, 'SIGKILL']);
    const { linesDone = 0 } = (await findPiece(database.db, piece)) ?? {};
    expect(linesDone).toBeGreaterThan(0);
    expect(linesDone).toBeLessThan(3_000);
    expect(await storedIds()).toHaveLength(linesDone);

    await activities().importPiece(piece);
    expect(await read(id)).toMatchObject({ completedPieces: 1, totalProcessed: 3_000, totalFailures: 0 });
    expect(await storedIds()).toHaveLength(3_000);
    expect(new Set(await writesPerEndpoint())).toEqual(new Set([1]));
  });

  it('by a lost connection fails without a word of the data, and the next goes on', async () => {
    const text = lines(...endpoints(450));
    let broken = true;
    const files: FileStore = {
      list: async () => [
        { bucket: 'my-pinpoint-data', key: 'lost.json', sizeBytes: text.length, version: 'v' },
      ],
      open: async () =>
        Readable.from(
          (async function* () {
            const middle = text.length / 2;
            yield Buffer.from(text.slice(0, middle));
            if (broken) throw Object.assign(new Error('lost p7@example.com'), { code: 'ECONNRESET' });
            yield Buffer.from(text.slice(middle));
          })(),
        ),
    };
    const id = await createJob(url('lost.json'));
    const { listImportPieces, importPiece } = activities(files);
    await listImportPieces(id);
    const failure = await importPiece({ ...id, piece: 1 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'Internal', nonRetryable: false, cause: undefined });
    expect(String(failure)).not.toContain('@');
    expect((await read(id)).totalProcessed).toBe(200);
    broken = false;
    await importPiece({ ...id, piece: 1 });
    expect(await read(id)).toMatchObject({ completedPieces: 1, totalProcessed: 450 });
    expect(new Set(await writesPerEndpoint())).toEqual(new Set([1]));
  });

  it('while another is at the same piece leaves it to the first to commit', async () => {
    await bucket.put('both/users.json', lines(...endpoints(700)));
    const id = await createJob(url('both/users.json'));
    const { listImportPieces, importPiece } = activities();
    await listImportPieces(id);
    const piece = { ...id, piece: 1 };
    const outcomes = await Promise.allSettled([importPiece(piece), importPiece(piece)]);
    expect(outcomes).toContainEqual(
      expect.objectContaining({
        reason: expect.objectContaining({ type: 'Unavailable', nonRetryable: false }),
      }),
    );
    await importPiece(piece);
    expect(await read(id)).toMatchObject({ completedPieces: 1, totalProcessed: 700 });
    expect(new Set(await writesPerEndpoint())).toEqual(new Set([1]));
  });
});

describe('repeating an activity', () => {
  it('lists the files once', async () => {
    await bucket.put('again/users.json', lines(endpoint(1)));
    const id = await createJob(url('again/users.json'));
    const { listImportPieces } = activities();
    expect(await listImportPieces(id)).toBe(1);
    await bucket.put('again/users.json/../more.json', lines(endpoint(2)));
    expect(await listImportPieces(id)).toBe(1);
  });

  it('changes nothing of a job that is over', async () => {
    await bucket.put('over/users.json', lines(endpoint(1)));
    const job = await runJob(url('over/users.json'));
    const id = { appId: appId(), jobId: job.id };
    const { finishImport, giveUpImport, giveUpImportPiece, importPiece } = activities();
    await finishImport(id);
    await giveUpImport(id, 'cancelled');
    await giveUpImportPiece({ ...id, piece: 1 });
    await importPiece({ ...id, piece: 1 });
    expect(await read(id)).toEqual(job);
  });

  it('writes nothing more once it was given up, whoever is still at its files', async () => {
    await bucket.put('stopped/users.json', lines(endpoint(1)));
    const id = await createJob(url('stopped/users.json'));
    const { listImportPieces, importPiece, giveUpImport } = activities();
    await listImportPieces(id);
    await giveUpImport(id, 'cancelled');
    await importPiece({ ...id, piece: 1 });
    expect(await read(id)).toMatchObject({ status: 'FAILED', failedPieces: 1, totalProcessed: 0 });
    expect(await storedIds()).toEqual([]);
  });

  it('finds nothing to do when the app has been deleted', async () => {
    await bucket.put('deleted/users.json', lines(endpoint(1)));
    const id = await createJob(url('deleted/users.json'));
    await database.db.deleteFrom('app').where('id', '=', appId()).execute();
    const { listImportPieces, importPiece, finishImport, giveUpImport } = activities();
    expect(await listImportPieces(id)).toBe(0);
    await importPiece({ ...id, piece: 1 });
    await finishImport(id);
    await giveUpImport(id, 'cancelled');
  });
});

it('tries again when storage cannot be reached, and says why when it gave up', async () => {
  const away: FileStore = {
    list: async () => {
      throw new RepointError('Unavailable', 'S3 could not be reached');
    },
    open: async () => {
      throw new RepointError('Unavailable', 'S3 could not be reached');
    },
  };
  const id = await createJob(url('users.json'));
  const { listImportPieces, giveUpImport } = activities(away);
  await expect(listImportPieces(id)).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false });
  expect(await read(id)).toMatchObject({ status: 'INITIALIZING', completedAt: null });
  await giveUpImport(id, 'unreachable');
  expect(await read(id)).toMatchObject({
    status: 'FAILED',
    failures: [{ name: null, line: 0, message: 'The files could not be listed for too long' }],
  });
});
