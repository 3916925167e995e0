import { badRequest, RepointError } from '../domain/errors.ts';
import { parseS3Url, type S3Location } from '../domain/s3Url.ts';

/** More files than this in one job would not fit in memory as a list; the original took 10,000. */
export const maximumFiles = 100_000;

/** @throws RepointError BadRequest when the text is not `s3://bucket/key` */
export function locate(url: string): S3Location {
  const location = parseS3Url(url);
  if (location === null)
    throw badRequest([{ path: 'S3Url', message: `"${url}" is not of the form s3://bucket/key` }]);
  return location;
}

/** The error of a prefix that holds more than `maximumFiles`. */
export function tooManyFiles(url: string): RepointError {
  return badRequest([
    { path: 'S3Url', message: `${url} holds more than ${maximumFiles} files; name a narrower folder` },
  ]);
}

/** The error of a file that is no longer what was listed: where its lines stand is not known any more. */
export function changedFile(bucket: string, key: string): RepointError {
  return new RepointError('Conflict', `s3://${bucket}/${key} was changed while it was being read`);
}
