import type { Tx } from '../database.ts';
import { setImportStatus } from './importJobs.ts';
import { type PieceId, recordFailures } from './importPieces.ts';

/**
 * Ends a job as FAILED before all of its files were read, and says why. A worker that is still at one of them writes nothing
 * more: its piece is over.
 * @returns false where the job was over already
 */
export async function failImport(
  tx: Tx,
  job: Omit<PieceId, 'piece'>,
  message: string,
  now: Date,
): Promise<boolean> {
  const { appId, jobId } = job;
  if (!(await setImportStatus(tx, appId, jobId, 'FAILED', now))) return false;
  await tx
    .updateTable('import_piece')
    .set({ state: 'failed' })
    .where('app_id', '=', appId)
    .where('job_id', '=', jobId)
    .where('state', '=', 'pending')
    .execute();
  await recordFailures(tx, { ...job, piece: 0 }, [{ line: 0, message }]);
  return true;
}
