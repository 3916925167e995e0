import { expect, test } from 'vitest';
import { plainTextOf } from '../../src/templates/plainText.ts';

test('what there is to read is read as text: links, lists, pictures, and nothing that is not shown', () => {
  const html = `<html><head><title>T</title><style>p {}</style></head><body><h1>Welcome, Ann &amp; Bob</h1>
    <p>Hello <b>you</b>,<br>see <a href="https://shop.example/x?a=1&amp;b=2">our shop</a> or
    <a href="https://a.example">https://a.example</a></p><ul><li>one</li><li>two</li></ul>
    <img src="https://t.example/p.gif"><img src="cup.png" alt="A cup"><script>alert(1)</script><!-- no --></body></html>`;
  expect(plainTextOf(html)).toBe(
    [
      'Welcome, Ann & Bob',
      '',
      'Hello you,',
      'see our shop [https://shop.example/x?a=1&b=2] or https://a.example',
      '',
      ' * one',
      ' * two',
      '',
      'A cup',
    ].join('\n'),
  );
});

test.each([
  ['a picture alone', '<img src="x.png">'],
  ['more than anybody reads', `<p>${'x'.repeat(200_001)}</p>`],
])('there is no text of %s', (_, html) => {
  expect(plainTextOf(html)).toBeUndefined();
});
