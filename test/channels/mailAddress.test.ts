import { expect, test } from 'vitest';
import { asciiAddress, encodedWords } from '../../src/channels/mailAddress.ts';
import { words } from '../../src/channels/mailbox/mail.ts';

test.each([
  ['ann@example.com', 'ann@example.com'],
  ['"Shop, Ltd." <shop@example.com>', '"Shop, Ltd." <shop@example.com>'],
  ['Café <shop@example.com>', '=?UTF-8?B?Q2Fmw6k=?= <shop@example.com>'],
  ['"Café, \\"Ltd\\"" <shop@example.com>', '=?UTF-8?B?Q2Fmw6ksICJMdGQi?= <shop@example.com>'],
  ['ann@münchen.example', 'ann@xn--mnchen-3ya.example'],
  ['Ann <ann@münchen.example>', 'Ann <ann@xn--mnchen-3ya.example>'],
  ['<ann@münchen.example>', 'ann@xn--mnchen-3ya.example'],
  ['é', 'é'],
])('SES takes %s as %s', (given, expected) => {
  expect(asciiAddress(given)).toBe(expected);
});

test('a long header becomes words of at most 75 characters, each of whole characters', () => {
  const text = 'Frühling 😀 '.repeat(20);
  const encoded = encodedWords(text);
  for (const word of encoded.split(' ')) expect(word.length).toBeLessThanOrEqual(75);
  expect(words(encoded)).toBe(text);
});
