// Writes the table of settings in docs/operations.md from src/config.ts; with --check, fails when it is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { describeSettings } from '../src/config.ts';

const file = 'docs/operations.md';
const opening = '<!-- settings: written by scripts/settingsTable.ts -->';
const closing = '<!-- end of settings -->';

function table(): string {
  const rows = describeSettings().map(
    ({ name, fallback, meaning }) =>
      `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${meaning} |`,
  );
  return ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

const text = readFileSync(file, 'utf8');
const start = text.indexOf(opening);
const end = text.indexOf(closing);
if (start < 0 || end < start) throw new Error(`${file} lacks the markers "${opening}" and "${closing}"`);
const fresh = `${text.slice(0, start + opening.length)}\n\n${table()}\n\n${text.slice(end)}`;

if (!process.argv.includes('--check')) writeFileSync(file, fresh);
else if (fresh !== text) {
  console.log(`${file}: the table of settings is stale. Write it anew with: node scripts/settingsTable.ts`);
  process.exitCode = 1;
}
