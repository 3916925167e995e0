import {
  ActivityFailure,
  CancellationScope,
  continueAsNew,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import type { ImportActivities, ImportJobId } from '../activities/imports/importActivities.ts';

export interface ImportJobInput extends ImportJobId {
  /** Set when it goes on as a new run: how many pieces there are, and the first that is not done. */
  readonly pieces?: number;
  readonly next?: number;
}

/** Pieces imported at the same time. */
const lanes = 4;
/** Some 3,000 history events. */
const piecesPerRun = 500;

const retry = { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;

/** One short transaction each, repeated until it succeeds. */
const { finishImport, giveUpImport, giveUpImportPiece } = proxyActivities<ImportActivities>({
  startToCloseTimeout: '1 minute',
  retry,
});
/** Storage may be away for a while; not for ever, as someone waits for the job to end. */
const { listImportPieces } = proxyActivities<ImportActivities>({
  startToCloseTimeout: '10 minutes',
  scheduleToCloseTimeout: '6 hours',
  retry,
});
const { importPiece } = proxyActivities<ImportActivities>({
  startToCloseTimeout: '1 day',
  scheduleToCloseTimeout: '2 days',
  heartbeatTimeout: '30 s',
  retry,
});

/**
 * One import job: lists the files, then imports them a few at a time. How far each has come stands in Postgres, so an attempt
 * that died is taken up at its next line.
 */
export async function importJob({ appId, jobId, ...progress }: ImportJobInput): Promise<void> {
  const id = { appId, jobId };
  try {
    const pieces = progress.pieces ?? (await listed(id));
    if (pieces === 0) return;
    const next = await importRange(id, progress.next ?? 1, pieces);
    if (next <= pieces) await continueAsNew<typeof importJob>({ appId, jobId, pieces, next });
    await finishImport(id);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => giveUpImport(id, 'cancelled'));
    throw error;
  }
}

/** How many pieces; 0 when nothing is left to do. */
async function listed(id: ImportJobId): Promise<number> {
  return await listImportPieces(id).catch(async (error) => {
    if (!hasGivenUp(error)) throw error;
    await giveUpImport(id, 'unreachable');
    return 0;
  });
}

/** Imports pieces from `next` on, as many as one run takes, and answers the first that is left. */
async function importRange(id: ImportJobId, next: number, pieces: number): Promise<number> {
  const end = Math.min(pieces, next + piecesPerRun - 1);
  const lane = async () => {
    while (next <= end) await importOne(id, next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return next;
}

async function importOne(id: ImportJobId, piece: number): Promise<void> {
  await importPiece({ ...id, piece }).catch(async (error) => {
    if (!hasGivenUp(error)) throw error;
    await giveUpImportPiece({ ...id, piece });
  });
}

function hasGivenUp(error: unknown): boolean {
  return error instanceof ActivityFailure && !isCancellation(error);
}
