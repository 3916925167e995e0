import { readFile } from 'node:fs/promises';
import { badRequest } from '../domain/errors.ts';

/**
 * A file that the command line names.
 * @throws RepointError BadRequest saying why it cannot be read
 */
export async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw badRequest([{ path: file, message: `cannot be read (${(error as NodeJS.ErrnoException).code})` }]);
  }
}
