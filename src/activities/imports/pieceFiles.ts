import { RepointError } from '../../domain/errors.ts';
import type { ImportDefinition } from '../../domain/importDefinition.ts';
import { parseS3Url } from '../../domain/s3Url.ts';
import type { StoredFile } from '../../files/fileStore.ts';

const otherFormat = { JSON: /\.csv(\.gz)?$/i } as const satisfies Record<ImportDefinition['Format'], RegExp>;

/**
 * The files of the job's format, each with the name that failures show: its key below the job's url. In a mixed folder the
 * original, too, read only files of the stated format; what is told by its ending here.
 * @throws RepointError NotFound when none is left
 */
export function pieceFiles(
  { Format, S3Url }: Pick<ImportDefinition, 'Format' | 'S3Url'>,
  files: readonly StoredFile[],
): (StoredFile & { name: string })[] {
  const key = parseS3Url(S3Url)?.key ?? '';
  const folder = key === '' || key.endsWith('/') ? key : `${key}/`;
  const named = files
    .filter((file) => !otherFormat[Format].test(file.key))
    .map((file) => ({ ...file, name: file.key === key ? baseName(key) : file.key.slice(folder.length) }));
  if (named.length === 0) throw new RepointError('NotFound', `No ${Format} file at ${S3Url}`);
  return named;
}

function baseName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
