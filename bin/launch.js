// Runs an entrypoint from its TypeScript source in a clone, or from dist/ where only that was published.
import { existsSync } from 'node:fs';

export function launch(name) {
  const source = new URL(`../src/${name}.ts`, import.meta.url);
  const built = new URL(`../dist/src/${name}.js`, import.meta.url);
  return import((existsSync(source) ? source : built).href);
}
