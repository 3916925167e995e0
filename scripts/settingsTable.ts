// Writes the table of settings in docs/operations.md from src/config.ts; with --check, fails when it is stale.
import { writeFileSync } from 'node:fs';
import { describeSettings } from '../src/config.ts';
import { withPart } from './generatedPart.ts';

const file = 'docs/operations.md';

function table(): string {
  const rows = describeSettings().map(
    ({ name, fallback, meaning }) =>
      `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${meaning} |`,
  );
  return ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

const opening = '<!-- settings: written by scripts/settingsTable.ts -->';
const { text, fresh } = withPart({ file, opening, closing: '<!-- end of settings -->' }, table());

if (!process.argv.includes('--check')) writeFileSync(file, fresh);
else if (fresh !== text) {
  console.log(`${file}: the table of settings is stale. Write it anew with: node scripts/settingsTable.ts`);
  process.exitCode = 1;
}
