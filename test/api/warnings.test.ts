import { expect, it } from 'vitest';
import { warningsHeader } from '../../src/api/warnings.ts';

it('keeps ASCII readable and percent-encodes the rest, its own separator and lone surrogates', () => {
  expect(warningsHeader(['a: b (c)', 'ü | 100%\n', '\ud800'])).toBe(
    'a: b (c) | %C3%BC %7C 100%25%0A | %EF%BF%BD',
  );
});

it('stays near 2 KB and counts what it leaves out', () => {
  const header = warningsHeader(Array.from({ length: 100 }, () => 'w'.repeat(97)));
  expect(header.length).toBeLessThan(2100);
  expect(header).toMatch(/ \| and 80 more$/);
  expect(warningsHeader(['ü'.repeat(5000)])).toBe('1 warnings, too long for a header');
});
