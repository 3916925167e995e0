import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../examples/tutorial');

/** The text of one of the tutorial's requests under examples/tutorial, by its file name without `.json`. */
export function tutorialText(name: string): string {
  return readFileSync(path.join(folder, `${name}.json`), 'utf8');
}

/** The same, parsed. */
// biome-ignore lint/suspicious/noExplicitAny: the tutorial's own JSON, of whatever operation
export function tutorial(name: string): any {
  return JSON.parse(tutorialText(name));
}
