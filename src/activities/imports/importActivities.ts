/** Which import job. */
export interface ImportJobId {
  readonly appId: string;
  readonly jobId: string;
}

/** One file of an import job; `piece` counts from 1. */
export interface ImportPieceId extends ImportJobId {
  readonly piece: number;
}

/** What an import job asks for. Ids and counts only; names of files and reasons stay in Postgres. */
export interface ImportActivities {
  /** Finds the job's files and answers how many; 0 when the job is over, because there are none or it has been deleted. */
  listImportPieces(id: ImportJobId): Promise<number>;
  /** Imports what is left of one file. What the file itself is at fault for is recorded and no failure of the activity. */
  importPiece(id: ImportPieceId): Promise<void>;
  /** Marks a file as failed that could not be read for too long. */
  giveUpImportPiece(id: ImportPieceId): Promise<void>;
  /** Ends the job: COMPLETED, or FAILED when a file failed. */
  finishImport(id: ImportJobId): Promise<void>;
  /** Ends the job as FAILED, stopped or unable to list its files. */
  giveUpImport(id: ImportJobId, why: 'cancelled' | 'unreachable'): Promise<void>;
}
