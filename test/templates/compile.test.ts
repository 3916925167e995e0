import { expect, test } from 'vitest';
import { RepointError } from '../../src/domain/errors.ts';
import { compileText, type Escaping } from '../../src/templates/compile.ts';
import { layered } from '../../src/templates/variables.ts';

const now = new Date('2026-03-01T10:00:00Z');
const person = {
  Address: 'ann@example.com',
  Attributes: { Plan: ['premium'], Interests: ['a', 'b'], 'Favourite Colour': ['<red>'], Empty: [] },
  Metrics: { Age: 37.5 },
  User: { UserId: 'ann', UserAttributes: { FirstName: ['Ann & Co'] } },
};

function render(source: string, escaping: Escaping = 'text', extra: object = {}): string {
  return compileText(source, escaping)(layered([person, extra as Record<string, unknown>]), now);
}

test.each([
  ['{{User.UserAttributes.FirstName}}', 'Ann & Co'],
  ['{{Attributes.Interests}}', 'a,b'],
  ['{{Attributes.Interests.[1]}}', 'b'],
  ['{{User.UserAttributes.FirstName.[0]}}', 'Ann & Co'],
  ['{{Attributes.[Favourite Colour]}}', '<red>'],
  ['{{Metrics.Age}} {{Address}}', '37.5 ann@example.com'],
  ['[{{Attributes.Missing}}{{Attributes.Empty}}{{Nothing.At.All}}]', '[]'],
  ['[{{User}}{{Attributes}}]', '[]'],
  ['{{#if Attributes.Plan}}yes{{else}}no{{/if}}{{#if Attributes.Empty}}yes{{else}}no{{/if}}', 'yesno'],
  ['{{#each Attributes.Interests}}{{@index}}{{this}};{{/each}}', '0a;1b;'],
  ['{{#*inline "x"}}<{{Address}}>{{/inline}}{{> x}}', '<ann@example.com>'],
  ['{{#with User}}{{UserId}}{{/with}}', 'ann'],
])('text: %s is %s', (source, expected) => {
  expect(render(source)).toBe(expected);
});

test('each rendering of a text shows its own variables and time, and reaches no prototype', () => {
  const text = compileText(
    '{{Address}} {{@root.Address}} {{now format="yyyy"}} [{{constructor.name}}{{#each Attributes.Interests}}{{@root.Address}}{{/each}}]',
    'text',
  );
  const shown = ['a@example.com', 'b@example.com'].map((Address, year) =>
    text(layered([{ Address, Attributes: { Interests: ['x'] } }]), new Date(Date.UTC(2026 + year, 5))),
  );
  expect(shown).toEqual([
    'a@example.com a@example.com 2026 [a@example.com]',
    'b@example.com b@example.com 2027 [b@example.com]',
  ]);
});

test('html escapes variables and leaves the author’s own markup, and a triple stash, alone', () => {
  expect(render('<b>{{Attributes.[Favourite Colour]}}</b>{{{Address}}}', 'html')).toBe(
    '<b>&lt;red&gt;</b>ann@example.com',
  );
});

test.each([
  '{{constructor}}',
  '{{constructor.constructor}}',
  '{{User.constructor.name}}',
  '{{__proto__.polluted}}',
  '{{Address.length.constructor}}',
  '{{toString}}{{valueOf}}{{hasOwnProperty}}',
  '{{lookup User "constructor"}}',
  '{{lookup Attributes.Plan "concat"}}',
  '{{#with (lookup this "__proto__")}}x{{/with}}',
  '{{@root.constructor.name}}',
  '{{#each User}}{{#if (eq @key "constructor")}}x{{/if}}{{/each}}',
  '{{#*inline "x"}}{{@partial-block.prototype.constructor.constructor}}{{/inline}}{{#> x}}y{{/x}}',
  '{{lookup (lookup this "User") "__proto__"}}{{lookup this "__lookupGetter__"}}',
])('nothing beyond own properties is reachable: %s', (source) => {
  expect(render(source)).toBe('');
});

test.each([
  ['{{#if}}', /Parse error on line 1/],
  ['Hello {{User.Name', /Parse error/],
  ['{{log Address}}', /unknown helper log/],
  ['{{exec "ls"}}', /^unknown helper exec/],
  ['{{#each Attributes}}{{/if}}', /each doesn't match if/],
])('a text that does not compile is refused with the reason: %s', (source, reason) => {
  expect(() => compileText(source, 'text')).toThrow(RepointError);
  expect(() => compileText(source, 'text')).toThrow(reason);
});

test.each<[string, string, RegExp]>([
  ['a decorator', '{{* log}}', /line 1: only inline partials/],
  ['a decorator of a block', '\n{{#* other "x"}}{{/other}}', /line 2: only inline partials/],
  ['an inline partial that is nowhere', '{{> missing}}', /line 1: the inline partial missing is not defined/],
  ['a long path', `{{a${'.b'.repeat(50)}}}`, /a path may have at most 50 parts/],
  ['deep blocks', `${'{{#if a}}'.repeat(101)}${'{{/if}}'.repeat(101)}`, /at most 100 blocks/],
  ['a long chain of branches', `{{#if a}}${'{{else if b}}'.repeat(101)}{{/if}}`, /at most 100 blocks/],
  ['deep sub-expressions', `{{${'upper ('.repeat(250)}upper a${')'.repeat(250)}}}`, /at most 100 blocks/],
  ['many variables', '{{a}}'.repeat(3001), /at most 3000 variables/],
  ['many comments', '{{!-- --}}'.repeat(9001), /at most 9000 tags/],
  ['a long tag', `{{a ${'b '.repeat(6000)}}}`, /at most 10000 characters/],
])('a text with %s is refused when it is saved', (_, source, reason) => {
  expect(() => compileText(source, 'text')).toThrow(RepointError);
  expect(() => compileText(source, 'text')).toThrow(reason);
});

test.each([
  ['{{> (lookup this "Address")}}'],
  ['{{helperMissing Address}}{{blockHelperMissing Address}}'],
  ['{{#*inline "x"}}{{> x}}{{/inline}}{{> x}}'],
  ['{{ljust Address 99999999}}'],
  ['{{divide 1 0}}'],
  ['{{dateFormat "soon"}}'],
])('a text that cannot be rendered fails as a mistake of its author: %s', (source) => {
  expect(() => render(source)).toThrow(RepointError);
});

test('loops that multiply end with an error, not with the process', () => {
  const list = Array.from({ length: 50 }, (_, index) => String(index));
  const depth = 8;
  const source = `${'{{#each ../L}}'.repeat(depth)}x${'{{/each}}'.repeat(depth)}`.replace('../', '');
  const rooted = source.replaceAll('../L', '@root.L');
  expect(() => render(rooted, 'text', { L: list })).toThrow(/too much/);
});

const list = Array.from({ length: 50 }, (_, index) => String(index));
const nested = (depth: number, body: string) =>
  `${'{{#each @root.L}}'.repeat(depth)}${body}${'{{/each}}'.repeat(depth)}`;

test.each([
  ['rounds that make no text', nested(5, '')],
  ['rounds with much in them', nested(3, '{{Missing}}'.repeat(1000))],
  ['blocks over a list without a helper', '{{#@root.L}}'.repeat(5) + '{{/@root.L}}'.repeat(5)],
  [
    'a cost that the author writes',
    nested(3, '').replaceAll('@root.L', '@root.L repoint-round-statements=-9'),
  ],
  ['partials in loops', `{{#*inline "x"}}${'{{Missing}}'.repeat(500)}{{/inline}}${nested(3, '{{> x}}')}`],
  ['helpers that read much', nested(2, '{{md5 @root.Big}}')],
  ['dates', nested(3, '{{now}}')],
  [
    'partials that feed themselves',
    '{{#*inline "x"}}{{> x a=(join a a "")}}{{/inline}}{{> x a="aaaaaaaaaaaaa"}}',
  ],
  ['a long value shown often', '{{Big}}'.repeat(1000)],
  ['a long value that is replaced', '{{replace Big "a" "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}}'.repeat(2)],
])('what multiplies is stopped by counting: %s', (_, source) => {
  expect(() => render(source, 'html', { L: list, Big: 'a'.repeat(200_000) })).toThrow(
    /too much|inside one another/,
  );
});

test('fifty products with fifty sizes each are no trouble', () => {
  expect(render(nested(2, '<td>{{this}} {{upper ../this}}</td>'), 'html', { L: list })).toHaveLength(33_910);
});

test('a text is compiled once for all who get it, and apart for HTML and text', () => {
  expect(compileText('{{once}}', 'html')).toBe(compileText('{{once}}', 'html'));
  expect(compileText('{{once}}', 'html')).not.toBe(compileText('{{once}}', 'text'));
});

test('a helper is found however its name is written', () => {
  expect(render('{{[upper] "a"}}{{"upper" "b"}}{{#"if" Address}}{{upper (lower "C")}}{{/if}}')).toBe('ABC');
});

test('what is not a text is never compiled, not even a parsed template', () => {
  const parsed = { type: 'Program', body: [], strip: {}, loc: {} };
  expect(() => compileText(parsed as never, 'text')).toThrow(/a template is a text/);
});

test('partials that multiply end with an error, not with the process', () => {
  const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
  const partials = names.map(
    (name, index) =>
      `{{#*inline "${name}"}}${index === 0 ? 'x' : `{{> p${index - 1}}}`.repeat(2)}{{/inline}}`,
  );
  expect(() => render(`${partials.join('')}{{> p39}}`)).toThrow(/too much/);
});

test('a reason shows nothing of the recipient', () => {
  expect(() => render('{{> (lookup this "Address")}}')).toThrow(
    'an inline partial that it calls is not defined',
  );
});

test('a spent budget is not carried into the next rendering', () => {
  expect(() => render('{{ljust Address 99999999}}')).toThrow();
  expect(render('{{Address}}')).toBe('ann@example.com');
});
