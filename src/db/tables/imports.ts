import type { ColumnType } from 'kysely';
import type { ImportDefinition } from '../../domain/importDefinition.ts';
import type { Json } from './columns.ts';

export type ImportJobStatus =
  | 'CREATED'
  | 'PREPARING_FOR_INITIALIZATION'
  | 'INITIALIZING'
  | 'PROCESSING'
  | 'COMPLETING'
  | 'COMPLETED'
  | 'FAILING'
  | 'FAILED';

export interface ImportJobTable {
  app_id: string;
  id: string;
  definition: Json<ImportDefinition>;
  status: ImportJobStatus;
  created_at: Date;
  completed_at: Date | null;
}

/** One file of an import job. */
export interface ImportPieceTable {
  app_id: string;
  job_id: string;
  /** Counts from 1, in key order. */
  no: number;
  bucket: string;
  key: string;
  /** The key below the job's url, as failures show it. */
  name: string;
  /** Tells whether the file was changed since it was listed (S3's ETag). */
  version: string;
  size_bytes: ColumnType<string, number, never>;
  state: 'pending' | 'done' | 'failed';
  /** Lines that are settled, blank ones included: where the next attempt goes on. */
  lines_done: ColumnType<string, number | undefined, number>;
  processed: ColumnType<string, number | undefined, number>;
  failed: ColumnType<string, number | undefined, number>;
}

export interface ImportFailureTable {
  app_id: string;
  job_id: string;
  /** The piece's number; 0: the job as a whole. */
  piece: number;
  /** 0: the file as a whole. */
  line: ColumnType<string, number, never>;
  message: string;
}
