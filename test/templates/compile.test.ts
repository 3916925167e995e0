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

test.each([
  ['{{> missing}}'],
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
  expect(() => render(rooted, 'text', { L: list })).toThrow(/too much text/);
});

test('partials that multiply end with an error, not with the process', () => {
  const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
  const partials = names.map(
    (name, index) =>
      `{{#*inline "${name}"}}${index === 0 ? 'x' : `{{> p${index - 1}}}`.repeat(2)}{{/inline}}`,
  );
  expect(() => render(`${partials.join('')}{{> p39}}`)).toThrow(/too much text/);
});

test('a spent budget is not carried into the next rendering', () => {
  expect(() => render('{{ljust Address 99999999}}')).toThrow();
  expect(render('{{Address}}')).toBe('ann@example.com');
});
