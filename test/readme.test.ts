import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

it('counts the operations that work as docs/coverage.md does', () => {
  const [, built, all] = /\*\*(\d+) of (\d+) operations are built/.exec(read('docs/coverage.md')) ?? [];
  expect(read('README.md')).toContain(`**${built} of Pinpoint's ${all} operations** work`);
});

it.each(['README.md', 'docs/channels.md', 'docs/differences.md', 'docs/journeys.md', 'docs/operations.md'])(
  'every file that %s links to is there',
  (document) => {
    const targets = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
      ([, target]) => target ?? '',
    );
    const missing = targets.filter((target) => !existsSync(path.join(root, path.dirname(document), target)));
    expect(missing).toEqual([]);
  },
);
