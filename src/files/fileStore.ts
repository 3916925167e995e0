import type { Readable } from 'node:stream';

/** One object under an `s3://bucket/key` or prefix. */
export interface StoredFile {
  readonly bucket: string;
  readonly key: string;
  readonly sizeBytes: number;
  /** Another one once the file is changed (S3's ETag). */
  readonly version: string;
}

/** S3, or in embedded mode a folder that stands for it. */
export interface FileStore {
  /**
   * The file at the url, or every file below it when it is a prefix; in key order.
   * @throws RepointError NotFound when the bucket or every file is missing, Forbidden when it may not be read
   */
  list(url: string): Promise<StoredFile[]>;
  /**
   * Opens a file's bytes as they are stored (gzip not undone).
   * @throws RepointError NotFound when it has gone, Conflict when it was changed since it was listed
   */
  open(file: StoredFile): Promise<Readable>;
}
