import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withPart } from '../scripts/generatedPart.ts';

const file = fileURLToPath(new URL('../docs/costs.md', import.meta.url));

/** Prints what a benchmark found, and writes it into its part of docs/costs.md. */
export function writeCosts(benchmark: string, part: string): void {
  const opening = `<!-- ${benchmark}: written by \`npm run bench -- ${benchmark}\` -->`;
  const closing = `<!-- end of ${benchmark} -->`;
  writeFileSync(file, withPart({ file, opening, closing }, part).fresh);
  console.log(`\n${part}\n\nwritten into docs/costs.md`);
}

/** Rows as a Markdown table; all columns but the first are figures. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
