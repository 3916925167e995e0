/** Where an `s3://bucket/key` url points; `key` is empty for the whole bucket and ends in `/` for a folder. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

// S3's general purpose bucket names: 3 to 63 of a-z, 0-9, dot and hyphen; older buckets may also hold A-Z and _.
const form = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9])(?:\/(.*))?$/s;

/** Reads `s3://bucket/key`, or answers null when the text is not such a url. The key is taken literally, not percent-decoded. */
export function parseS3Url(url: string): S3Location | null {
  const match = form.exec(url);
  if (match === null) return null;
  const [, bucket = '', key = ''] = match;
  return { bucket, key };
}
