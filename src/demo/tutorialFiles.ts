import { readFileSync } from 'node:fs';

const folder = new URL('../../examples/tutorial/', import.meta.url);

/** One of the tutorial's requests, as it is written. */
export function tutorialText(name: string): string {
  return readFileSync(new URL(`${name}.json`, folder), 'utf8');
}

/** The same, parsed; the caller names the request's type. */
export function tutorialRequest<T>(name: string): T {
  return JSON.parse(tutorialText(name));
}
