import { readFile, writeFile } from 'node:fs/promises';
import { coverageDocument } from '../src/api/coverage.ts';
import { handlers } from '../src/api/handlers.ts';

/** Writes docs/coverage.md from the handlers' table; with `--check` only tells (exit 1) whether it is stale. */
const file = new URL('../docs/coverage.md', import.meta.url);
const wanted = coverageDocument(handlers);

if (!process.argv.includes('--check')) {
  await writeFile(file, wanted);
} else if ((await readFile(file, 'utf8').catch(() => '')) !== wanted) {
  console.error('docs/coverage.md is stale: run `node scripts/coverage.ts`');
  process.exitCode = 1;
}
