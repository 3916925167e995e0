import { type ExpressionBuilder, sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import type { ImportDefinition } from '../../domain/importDefinition.ts';
import type { PageRequest } from '../../domain/page.ts';
import { json, type Queryable } from '../database.ts';
import { newestFirst } from '../page.ts';
import type { ImportJobStatus } from '../tables/imports.ts';
import type { Tables } from '../tables.ts';

/** An import job with its totals, which are the sums over its pieces. */
export interface ImportJob {
  readonly id: string;
  readonly definition: ImportDefinition;
  readonly status: ImportJobStatus;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
  readonly totalPieces: number;
  readonly completedPieces: number;
  readonly failedPieces: number;
  readonly totalProcessed: number;
  readonly totalFailures: number;
  /** The first hundred, by file and line. */
  readonly failures: readonly ImportFailure[];
}

export interface ImportFailure {
  /** The file as the job's url shows it; null for the job as a whole. */
  readonly name: string | null;
  /** 0: the file as a whole. */
  readonly line: number;
  readonly message: string;
}

/** Failures that a job answers, and so the most that are kept of a file. */
export const failuresShown = 100;

/** Writes a job in state CREATED; answers false, and changes nothing, when the id is taken. */
export async function insertImportJob(
  tx: Queryable,
  job: { appId: string; id: string; definition: ImportDefinition; now: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('import_job')
    .values({
      app_id: job.appId,
      id: job.id,
      definition: json(job.definition),
      status: 'CREATED',
      created_at: job.now,
      completed_at: null,
    })
    .onConflict((conflict) => conflict.columns(['app_id', 'id']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** One job, or undefined. */
export async function findImportJob(
  db: Queryable,
  appId: string,
  id: string,
): Promise<ImportJob | undefined> {
  return await selectJobs(db, appId).where('import_job.id', '=', id).executeTakeFirst();
}

/** An app's jobs, newest first; one more than the page holds, where there is one. */
export async function listImportJobs(db: Queryable, appId: string, page: PageRequest): Promise<ImportJob[]> {
  return await selectJobs(db, appId).$call(newestFirst(page)).execute();
}

/** Moves a job that is not over to a status; answers whether there was one. */
export async function setImportStatus(
  tx: Queryable,
  appId: string,
  id: string,
  status: ImportJobStatus,
  completedAt: Date | null = null,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('import_job')
    .set({ status, completed_at: completedAt })
    .where('app_id', '=', appId)
    .where('id', '=', id)
    .where('status', 'not in', ['COMPLETED', 'FAILED'])
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

function selectJobs(db: Queryable, appId: string) {
  return db
    .selectFrom('import_job')
    .innerJoinLateral(totals, (join) => join.onTrue())
    .where('import_job.app_id', '=', appId)
    .select([
      'import_job.id',
      'definition',
      'status',
      'created_at as createdAt',
      'completed_at as completedAt',
      'totalPieces',
      'completedPieces',
      'failedPieces',
      'totalProcessed',
      'totalFailures',
      (eb) => jsonArrayFrom(failuresOf(eb)).as('failures'),
    ]);
}

function totals(eb: ExpressionBuilder<Tables, 'import_job'>) {
  return eb
    .selectFrom('import_piece')
    .whereRef('import_piece.app_id', '=', 'import_job.app_id')
    .whereRef('import_piece.job_id', '=', 'import_job.id')
    .select([
      sql<number>`count(*)::int`.as('totalPieces'),
      sql<number>`(count(*) filter (where state = 'done'))::int`.as('completedPieces'),
      sql<number>`(count(*) filter (where state = 'failed'))::int`.as('failedPieces'),
      sql<number>`coalesce(sum(processed), 0)::float8`.as('totalProcessed'),
      sql<number>`coalesce(sum(failed), 0)::float8`.as('totalFailures'),
    ])
    .as('totals');
}

function failuresOf(eb: ExpressionBuilder<Tables, 'import_job'>) {
  return eb
    .selectFrom('import_failure')
    .leftJoin('import_piece', (join) =>
      join
        .onRef('import_piece.app_id', '=', 'import_failure.app_id')
        .onRef('import_piece.job_id', '=', 'import_failure.job_id')
        .onRef('import_piece.no', '=', 'import_failure.piece'),
    )
    .whereRef('import_failure.app_id', '=', 'import_job.app_id')
    .whereRef('import_failure.job_id', '=', 'import_job.id')
    .orderBy('piece')
    .orderBy('line')
    .limit(failuresShown)
    .select(['import_piece.name', sql<number>`line`.as('line'), 'message']);
}
