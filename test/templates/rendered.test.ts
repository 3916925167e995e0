import { expect, test } from 'vitest';
import { hasContent, type Rendered } from '../../src/templates/rendered.ts';

test.each<[Rendered, boolean]>([
  [{ channel: 'EMAIL', subject: 'Hi' }, false],
  [{ channel: 'EMAIL', subject: '', html: '', text: '' }, false],
  [{ channel: 'EMAIL', subject: '', text: 'x' }, true],
  [{ channel: 'EMAIL', subject: '', rawBase64: 'eA==' }, true],
  [{ channel: 'SMS', body: '' }, false],
  [{ channel: 'VOICE', body: '' }, false],
  [{ channel: 'PUSH', title: '', body: '', action: 'OPEN_APP', url: 'app://x' }, false],
  [{ channel: 'PUSH', silent: true }, true],
  [{ channel: 'PUSH', jsonBody: '{}' }, true],
  [{ channel: 'PUSH', data: { a: 'b' } }, true],
])('whether anything is left to send of %o: %s', (rendered, expected) => {
  expect(hasContent(rendered)).toBe(expected);
});
