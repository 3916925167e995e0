import { expect, test } from 'vitest';
import { compileText } from '../../src/templates/compile.ts';
import { layered } from '../../src/templates/variables.ts';

const variables = layered([
  { Name: ['ann lee'], Plan: ['premium'], N: 7, Tags: ['a', 'b'], When: '2026-03-01T22:30:00Z' },
]);

test.each([
  ['{{#eq Plan.[0] "premium"}}A{{else}}B{{/eq}}', 'A'],
  ['{{#if (eq Plan "premium")}}A{{else}}B{{/if}}', 'A'],
  ['{{eq Plan "basic" yes="Y" no="N"}}', 'N'],
  ['{{neq Plan "basic"}}', 'true'],
  ['{{#gt N 10}}more{{else}}less{{/gt}}{{#gte N 7}}!{{/gte}}', 'less!'],
  ['{{lt "9" "10" yes="lt"}}{{lte 7 N yes="lte"}}', 'ltlte'],
  ['{{and Plan N yes="both"}}{{or Missing N yes="one"}}{{not Missing yes="none"}}', 'bothonenone'],
  [
    '{{upper Name}} {{lower "ABC"}} {{capitalize Name}} {{capitalizeFirst Name}}',
    'ANN LEE abc Ann Lee Ann lee',
  ],
  [
    '{{capitalize "o\'neil well-known ÉCOLE"}} {{capitalize "ABC dEF" fully=true}}',
    "O'neil Well-known ÉCOLE Abc Def",
  ],
  ['{{abbreviate "a long sentence" 9}}', 'a long...'],
  ['[{{center "ab" 6}}][{{ljust "ab" 4}}][{{rjust "ab" 4 pad="."}}]', '[  ab  ][ab  ][..ab]'],
  ['{{cut "a b c"}}{{cut "a-b" "-"}}', 'abcab'],
  ['{{default Missing "friend"}} {{default Name "friend"}}', 'friend ann lee'],
  ['{{join Tags " and "}} {{join "x" "y" "-"}}', 'a and b x-y'],
  ['{{join Tags ", " prefix="[" suffix="]"}}{{join Missing ", " prefix="["}}', '[a, b]'],
  ['{{replace "a.b.c" "." "-"}}', 'a-b-c'],
  ['{{slugify "Hällo, Wörld_x"}}', 'hallo-world-x'],
  ['{{stripTags "<b>bold</b> <<x"}}', 'bold <<x'],
  ['{{substring "abcdef" 2}} {{substring "abcdef" 1 3}}', 'cdef bc'],
  // no half of a character: Postgres would refuse the whole message
  ['{{substring "a😀😀" 0 2}}{{substring "😀b" 1}}{{abbreviate "a😀😀😀" 5}}', 'aba...'],
  ['{{decode64 "YQBi"}}{{rjust "c" 2 pad="😀"}}', 'a\uFFFDb\uFFFDc'],
  ['{{yesno true}} {{yesno false no="nope"}} {{yesno Missing}}', 'yes nope maybe'],
  ['{{add N 1}} {{subtract N 1}} {{multiply N 2}} {{divide 7 2}} {{modulo N 4}}', '8 6 14 3.5 3'],
  ['{{round 2.5}} {{ceiling 2.1}} {{floor 2.9}}', '3 3 2'],
  ['{{ordinalize 1}} {{ordinalize 12}} {{ordinalize 23}}', '1st 12th 23rd'],
  ['{{inflect 1 "mail" "mails"}} {{inflect 3 "mail" "mails" true}}', 'mail 3 mails'],
  ['{{encode64 "hi"}} {{decode64 "aGk="}}', 'aGk= hi'],
  ['{{md5 "a"}}', '0cc175b9c0f1b6a831c399e269772661'],
  ['{{sha256 "a"}}', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
  ['{{dateFormat When "yyyy-MM-dd HH:mm" tz="Asia/Tokyo"}}', '2026-03-02 07:30'],
  ['{{dateFormat When "EEEE, d MMM yyyy"}}', 'Sunday, 1 Mar 2026'],
  [
    '{{dateFormat When "full" "fr_FR"}} {{dateFormat When format="short" locale="de"}}',
    'dimanche 1 mars 2026 1.3.2026',
  ],
  ['{{dateFormat When}} {{dateFormat "1772404200000" "long"}}', 'Mar 1, 2026 March 1, 2026'],
  [`{{dateFormat When "yyyy-MM-dd'T'HH:mm Z D w"}}`, '2026-03-01T22:30 +0000 60 9'],
  ['{{now "yyyy-MM-dd"}}', '2026-05-06'],
  ['{{upper (substring Name 0 3)}}', 'ANN'],
])('%s is %s', (source, expected) => {
  expect(compileText(source, 'text')(variables, new Date('2026-05-06T00:00:00Z'))).toBe(expected);
});

test.each([
  'abbreviate Missing 9',
  'capitalize Missing',
  'capitalizeFirst Missing',
  'cut Missing',
  'dateFormat Missing "full"',
  'inflect Missing "one" "many" true',
  'join Missing ", "',
  'lower Missing',
  'ordinalize Missing',
  'replace Missing "a" "b"',
  'slugify Missing',
  'stripTags Missing',
  'substring Missing 2',
  'upper Missing',
  'add Missing 1',
  'subtract 1 Missing',
  'multiply Missing 2',
  'divide Missing 0',
  'modulo Missing 2',
  'round Missing',
  'ceiling Missing',
  'floor (multiply Missing 2)',
  'encode64 Missing',
  'decode64 Missing',
])('what is made of a missing value renders as nothing: %s', (call) => {
  expect(compileText(`[{{${call}}}]`, 'text')(variables, new Date(0))).toBe('[]');
});

test.each(['gt', 'gte', 'lt', 'lte'])('a missing value is neither more nor less: %s', (helper) => {
  const source = `{{#${helper} Missing 18}}yes{{else}}no{{/${helper}}}{{${helper} 18 Missing}}`;
  expect(compileText(source, 'text')(variables, new Date(0))).toBe('nofalse');
});

test('every helper of the original is there, as a block where it is a condition', () => {
  const inline =
    'and eq gt gte lt lte neq not or default abbreviate capitalize capitalizeFirst center cut dateFormat inflect join ljust lower now ordinalize replace rjust slugify stripTags substring upper yesno add subtract multiply divide modulo round ceiling floor encode64 decode64 md5 sha256 sha512 uuid';
  const blocks = 'if unless each with and eq gt gte lt lte neq not or';
  const source = [
    ...inline.split(' ').map((name) => `{{${name} Plan 1}}`),
    ...blocks.split(' ').map((name) => `{{#${name} Plan}}{{else}}{{/${name}}}`),
  ].join('');
  expect(() => compileText(source, 'text')).not.toThrow();
});

test.each([
  ['{{dateFormat When "yyyy-MM-ddTHH:mm"}}', /letter T means nothing/],
  ['{{dateFormat When "full" locale="en-x-one"}}', /locale/],
  ['{{dateFormat When "full" tz="Mars/Base"}}', /time zone/],
  ['{{add Name 1}}', /add: the value is not a number/],
])('a helper that is used wrongly says how, and shows no value: %s', (source, reason) => {
  expect(() => compileText(source, 'text')(variables, new Date(0))).toThrow(reason);
});

test('uuid makes a new one each time', () => {
  const one = compileText('{{uuid}} {{uuid}}', 'text')(variables, new Date(0)).split(' ');
  expect(one[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(one[0]).not.toBe(one[1]);
});
