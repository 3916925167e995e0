import { Context } from '@temporalio/activity';
import { failImport } from '../../db/imports/failImport.ts';
import { findImportJob, setImportStatus } from '../../db/imports/importJobs.ts';
import {
  countPieces,
  findPiece,
  insertPieces,
  recordFailures,
  settlePiece,
} from '../../db/imports/importPieces.ts';
import type { Deps } from '../../deps.ts';
import { isUserFault } from '../../domain/errors.ts';
import { readLines } from '../../files/lines.ts';
import { beating } from '../beating.ts';
import type { ImportActivities, ImportJobId, ImportPieceId } from './importActivities.ts';
import { importLines } from './importLines.ts';
import { pieceFiles } from './pieceFiles.ts';

/** A file may take hours. */
const heartbeatMs = 5_000;

/** The activities of import jobs; each may be repeated. */
export function createImportJobActivities(deps: Deps): ImportActivities {
  return {
    listImportPieces: (id) => listPieces(deps, id),
    importPiece: (id) => beating(heartbeatMs, () => importPiece(deps, id)),
    giveUpImportPiece: (id) => failPiece(deps, id, 'The file could not be read for too long'),
    finishImport: (id) => finish(deps, id),
    giveUpImport: (id, why) => failJob(deps, id, reasons[why]),
  };
}

const reasons = {
  cancelled: 'The job was cancelled',
  unreachable: 'The files could not be listed for too long',
} as const;

async function listPieces(deps: Deps, id: ImportJobId): Promise<number> {
  const { appId, jobId } = id;
  const listedBefore = await countPieces(deps.db, appId, jobId);
  if (listedBefore > 0) return listedBefore;
  if (!(await setImportStatus(deps.db, appId, jobId, 'INITIALIZING'))) return 0;
  const job = await findImportJob(deps.db, appId, jobId);
  if (job === undefined) return 0;
  const { definition } = job;
  try {
    const files = pieceFiles(definition, await deps.files.list(definition.S3Url));
    return await deps.db.transaction().execute(async (tx) => {
      if (!(await setImportStatus(tx, appId, jobId, 'PROCESSING'))) return 0;
      return await insertPieces(tx, id, files);
    });
  } catch (error) {
    if (!isUserFault(error)) throw error;
    await failJob(deps, id, error.message);
    return 0;
  }
}

async function importPiece(deps: Deps, id: ImportPieceId): Promise<void> {
  const piece = await findPiece(deps.db, id);
  if (piece === undefined || piece.state !== 'pending') return;
  try {
    const lines = readLines(await deps.files.open(piece), { skip: piece.linesDone });
    const { cancellationSignal } = Context.current();
    await importLines(deps, id, { lines, done: piece.linesDone, stop: cancellationSignal });
    await settlePiece(deps.db, id, 'done');
  } catch (error) {
    if (!isUserFault(error)) throw error;
    await failPiece(deps, id, error.message);
  }
}

async function failPiece(deps: Deps, id: ImportPieceId, message: string): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    if (await settlePiece(tx, id, 'failed')) await recordFailures(tx, id, [{ line: 0, message }]);
  });
}

async function finish(deps: Deps, { appId, jobId }: ImportJobId): Promise<void> {
  const job = await findImportJob(deps.db, appId, jobId);
  const status = job === undefined || job.failedPieces > 0 ? 'FAILED' : 'COMPLETED';
  await setImportStatus(deps.db, appId, jobId, status, await deps.clock.now());
}

async function failJob(deps: Deps, id: ImportJobId, message: string): Promise<void> {
  const now = await deps.clock.now();
  await deps.db.transaction().execute(async (tx) => {
    await failImport(tx, id, message, now);
  });
}
