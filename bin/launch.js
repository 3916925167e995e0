// Runs an entrypoint from its TypeScript source in a clone, or from dist/ where only that was published.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Types stripped and code compiled once, not at each start. Where the folder cannot be written, nothing is kept.
module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/repoint', import.meta.url)));

export function launch(name) {
  const source = new URL(`../src/${name}.ts`, import.meta.url);
  const built = new URL(`../dist/src/${name}.js`, import.meta.url);
  return import((existsSync(source) ? source : built).href);
}
