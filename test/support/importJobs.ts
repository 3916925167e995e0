import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach } from 'vitest';
import { impersonalFailures } from '../../src/activities/impersonalFailures.ts';
import type { ImportActivities, ImportJobId } from '../../src/activities/imports/importActivities.ts';
import { createImportJobActivities } from '../../src/activities/imports/importJob.ts';
import { insertApp } from '../../src/db/apps.ts';
import { newResourceId } from '../../src/db/ids.ts';
import { findImportJob, type ImportJob, insertImportJob } from '../../src/db/imports/importJobs.ts';
import type { FileStore } from '../../src/files/fileStore.ts';
import { createLog } from '../../src/log.ts';
import { useDatabase } from './database.ts';
import { testDeps } from './deps.ts';
import { useLocalBucket } from './localBucket.ts';

const logger = new DefaultLogger('ERROR');
const interceptors = [impersonalFailures(createLog('silent'))];

/** Import jobs from a bucket, in an application of each test's own, which a test goes through activity by activity. */
export function useImportJobs() {
  let appId = '';
  const database = useDatabase();
  const bucket = useLocalBucket();
  beforeEach(async () => {
    appId = newResourceId();
    await insertApp(database.db, { id: appId, name: 'App', tags: {} }, new Date());
  });
  const createJob = async (S3Url: string): Promise<ImportJobId> => {
    const jobId = newResourceId();
    const definition = {
      ...{ Format: 'JSON' as const, S3Url, RoleArn: 'r' },
      ...{ RegisterEndpoints: true, DefineSegment: false },
    };
    await insertImportJob(database.db, { appId, id: jobId, definition, now: new Date() });
    return { appId, jobId };
  };
  const activities = (files: FileStore = bucket.files): ImportActivities => {
    const created = createImportJobActivities(testDeps(database.db, { files }));
    // Each call runs as an activity, with its context.
    const entries = Object.entries(created).map(([name, activity]) => [
      name,
      (...args: [never]) =>
        new MockActivityEnvironment({}, { logger, interceptors }).run(
          activity as (...args: [never]) => Promise<unknown>,
          ...args,
        ),
    ]);
    return Object.fromEntries(entries) as ImportActivities;
  };
  const read = async ({ jobId }: ImportJobId): Promise<ImportJob> => {
    const job = await findImportJob(database.db, appId, jobId);
    if (job === undefined) throw new Error('no job');
    return job;
  };
  return {
    ...{ database, bucket, createJob, activities, read },
    appId: () => appId,
    /** What the workflow does, one piece after the other. */
    runJob: async (S3Url: string, files?: FileStore): Promise<ImportJob> => {
      const id = await createJob(S3Url);
      const { listImportPieces, importPiece, finishImport } = activities(files);
      const count = await listImportPieces(id);
      for (let piece = 1; piece <= count; piece += 1) await importPiece({ ...id, piece });
      if (count > 0) await finishImport(id);
      return await read(id);
    },
    storedIds: async (): Promise<string[]> => {
      const stored = database.db.selectFrom('endpoint').select('id').where('app_id', '=', appId);
      return (await stored.execute()).map((row) => row.id).toSorted();
    },
  };
}
