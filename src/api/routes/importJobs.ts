import type { ImportJobResource, ImportJobResponse } from '@aws-sdk/client-pinpoint';
import { parseImportJob } from '../../contract/importJob.ts';
import { resourceIdOfCall } from '../../db/ids.ts';
import {
  findImportJob,
  type ImportFailure,
  type ImportJob,
  insertImportJob,
  listImportJobs,
} from '../../db/imports/importJobs.ts';
import { enqueue } from '../../db/outbox/outbox.ts';
import { importStart } from '../../db/outbox/workflowStarts.ts';
import type { Deps } from '../../deps.ts';
import { notFound } from '../../domain/errors.ts';
import type { ImportDefinition } from '../../domain/importDefinition.ts';
import type { Handlers } from '../handler.ts';
import { pageOf, parsePage } from '../pagination.ts';

export const importJobHandlers = {
  CreateImportJob: async ({ ApplicationId: appId = '', ImportJobRequest }, { deps, invocationId }) => {
    const definition = parseImportJob(ImportJobRequest ?? ({} as ImportJobResource));
    const id = resourceIdOfCall('CreateImportJob', appId, invocationId);
    await startImportJob(deps, { appId, id, definition });
    return { ImportJobResponse: await readJob(deps, appId, id) };
  },

  GetImportJob: async ({ ApplicationId: appId = '', JobId = '' }, { deps }) => ({
    ImportJobResponse: await readJob(deps, appId, JobId),
  }),

  GetImportJobs: async (input, { deps }) => {
    const appId = input.ApplicationId ?? '';
    const page = parsePage(input);
    const jobs = await listImportJobs(deps.db, appId, page);
    return {
      ImportJobsResponse: pageOf(
        jobs,
        page,
        (job) => job,
        (job) => jobResponse(appId, job),
      ),
    };
  },
} satisfies Handlers;

/** Writes the job and asks for its workflow in one transaction; a client's retry of the same call changes nothing. */
async function startImportJob(
  deps: Deps,
  job: { appId: string; id: string; definition: ImportDefinition },
): Promise<void> {
  const now = await deps.clock.now();
  await deps.db.transaction().execute(async (tx) => {
    if (await insertImportJob(tx, { ...job, now })) await enqueue(tx, [importStart(job, now)], now);
  });
}

async function readJob(deps: Deps, appId: string, id: string): Promise<ImportJobResponse> {
  const job = await findImportJob(deps.db, appId, id);
  if (job === undefined) throw notFound(`import job ${id}`);
  return jobResponse(appId, job);
}

function jobResponse(appId: string, job: ImportJob): ImportJobResponse {
  return {
    ApplicationId: appId,
    Id: job.id,
    Type: 'IMPORT',
    JobStatus: job.status,
    Definition: job.definition,
    CreationDate: job.createdAt.toISOString(),
    ...(job.completedAt === null ? {} : { CompletionDate: job.completedAt.toISOString() }),
    TotalPieces: job.totalPieces,
    CompletedPieces: job.completedPieces,
    FailedPieces: job.failedPieces,
    TotalProcessed: job.totalProcessed,
    TotalFailures: job.totalFailures,
    ...(job.failures.length === 0 ? {} : { Failures: job.failures.map(failureText) }),
  };
}

/** `users.json:17: Missing Address`; the file alone, or neither, where the failure is the file's or the job's. */
function failureText({ name, line, message }: ImportFailure): string {
  if (name === null) return message;
  return line === 0 ? `${name}: ${message}` : `${name}:${line}: ${message}`;
}
