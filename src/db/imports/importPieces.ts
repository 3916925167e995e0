import { sql } from 'kysely';
import type { Queryable, Tx } from '../database.ts';
import { failuresShown } from './importJobs.ts';

/** Names one file of one job. */
export interface PieceId {
  readonly appId: string;
  readonly jobId: string;
  /** Counts from 1. */
  readonly piece: number;
}

export interface Piece {
  readonly bucket: string;
  readonly key: string;
  readonly sizeBytes: number;
  readonly version: string;
  readonly state: 'pending' | 'done' | 'failed';
  /** Lines that are settled. */
  readonly linesDone: number;
}

const rowsPerInsert = 2_000;

/** Writes a job's files as its pieces, numbered from 1, and answers how many. */
export async function insertPieces(
  tx: Tx,
  job: { appId: string; jobId: string },
  files: readonly { bucket: string; key: string; name: string; sizeBytes: number; version: string }[],
): Promise<number> {
  const rows = files.map((file, index) => ({
    app_id: job.appId,
    job_id: job.jobId,
    no: index + 1,
    bucket: file.bucket,
    key: file.key,
    name: file.name,
    size_bytes: file.sizeBytes,
    version: file.version,
    state: 'pending' as const,
  }));
  for (let start = 0; start < rows.length; start += rowsPerInsert)
    await tx
      .insertInto('import_piece')
      .values(rows.slice(start, start + rowsPerInsert))
      .execute();
  return rows.length;
}

/** How many pieces a job has; 0 before its files were listed. */
export async function countPieces(db: Queryable, appId: string, jobId: string): Promise<number> {
  const { count } = await db
    .selectFrom('import_piece')
    .where('app_id', '=', appId)
    .where('job_id', '=', jobId)
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** One piece, or undefined when the job has been deleted. */
export async function findPiece(db: Queryable, id: PieceId): Promise<Piece | undefined> {
  const row = await db
    .selectFrom('import_piece')
    .where('app_id', '=', id.appId)
    .where('job_id', '=', id.jobId)
    .where('no', '=', id.piece)
    .select(['bucket', 'key', 'size_bytes', 'version', 'state', 'lines_done'])
    .executeTakeFirst();
  return (
    row && {
      bucket: row.bucket,
      key: row.key,
      sizeBytes: Number(row.size_bytes),
      version: row.version,
      state: row.state,
      linesDone: Number(row.lines_done),
    }
  );
}

/**
 * Records that the lines from `from` to `to` are settled, in the transaction of their endpoints. Answers false, and the
 * transaction must be given up, when the piece no longer stands at `from`: another attempt has taken over.
 */
export async function advancePiece(
  tx: Tx,
  id: PieceId,
  step: { from: number; to: number; processed: number; failed: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('import_piece')
    .set({
      lines_done: step.to,
      processed: sql<number>`processed + ${step.processed}`,
      failed: sql<number>`failed + ${step.failed}`,
    })
    .where('app_id', '=', id.appId)
    .where('job_id', '=', id.jobId)
    .where('no', '=', id.piece)
    .where('state', '=', 'pending')
    .where('lines_done', '=', String(step.from))
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Ends a piece that is pending; answers false when there is none. */
export async function settlePiece(tx: Queryable, id: PieceId, state: 'done' | 'failed'): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('import_piece')
    .set({ state })
    .where('app_id', '=', id.appId)
    .where('job_id', '=', id.jobId)
    .where('no', '=', id.piece)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/**
 * Keeps why lines (0: the file; piece 0: the job) failed. No job shows more than its first hundred failures, so of each piece
 * no more are kept.
 */
export async function recordFailures(
  tx: Queryable,
  id: PieceId,
  failures: readonly { line: number; message: string }[],
): Promise<void> {
  if (failures.length === 0) return;
  const { count } = await tx
    .selectFrom('import_failure')
    .where('app_id', '=', id.appId)
    .where('job_id', '=', id.jobId)
    .where('piece', '=', id.piece)
    .where('line', '>', '0')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  const room = failuresShown - Number(count);
  const kept = failures.filter((failure, index) => failure.line === 0 || index < room);
  if (kept.length === 0) return;
  await tx
    .insertInto('import_failure')
    .values(
      kept.map(({ line, message }) => ({
        app_id: id.appId,
        job_id: id.jobId,
        piece: id.piece,
        line,
        message,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
