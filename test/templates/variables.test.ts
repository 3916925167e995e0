import { expect, test } from 'vitest';
import { compileText } from '../../src/templates/compile.ts';
import { asJsonText, type Given, layered, withUnsubscribeUrl } from '../../src/templates/variables.ts';

function render(source: string, ...layers: Given[]): string {
  return compileText(source, 'text')(layered(layers), new Date(0));
}

const defaults = { User: { UserAttributes: { FirstName: 'friend', City: 'here' } } };
const flat = { 'User.UserAttributes.FirstName': 'friend' };
const source = '{{User.UserAttributes.FirstName}}';

test.each<[string, Given[], string]>([
  ['a nested default fills what is missing', [defaults, { User: { UserId: 'x' } }], 'friend'],
  ['a dotted default fills what is missing', [flat, {}], 'friend'],
  ['an empty list is missing', [defaults, { User: { UserAttributes: { FirstName: [] } } }], 'friend'],
  ['null is missing', [flat, { User: null }], 'friend'],
  ['a value wins over a default', [flat, { User: { UserAttributes: { FirstName: ['Ann'] } } }], 'Ann'],
  [
    'a substitution wins over a value',
    [
      flat,
      { User: { UserAttributes: { FirstName: ['Ann'] } } },
      { 'User.UserAttributes.FirstName': ['Eve'] },
    ],
    'Eve',
  ],
])('%s', (_, layers, expected) => {
  expect(render(source, ...layers)).toBe(expected);
});

test('a name with a dot inside a group stays one name', () => {
  expect(render('{{Attributes.[a.b]}}{{Attributes.a.b}}', { Attributes: { 'a.b': ['x'] } })).toBe('x');
});

test('a layer that names __proto__ changes no prototype', () => {
  const hostile = JSON.parse('{"__proto__": {"polluted": "yes"}, "__proto__.polluted": "yes"}') as Given;
  layered([hostile]);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  expect(render('{{polluted}}', hostile)).toBe('');
});

test('text for a JSON payload cannot leave its string', () => {
  const variables = asJsonText(layered([{ Name: ['a","b":"c\n'] }]));
  const rendered = compileText('{"aps":{"alert":"{{Name}}"}}', 'text')(variables, new Date(0));
  expect(JSON.parse(rendered)).toEqual({ aps: { alert: 'a","b":"c\n' } });
});

test('a link that cannot be made fails a JSON payload that shows it as it fails any text', () => {
  const variables = withUnsubscribeUrl(layered([{ Name: 'Ann' }]), { problem: 'no endpoint' });
  const render = (source: string) => compileText(source, 'text')(asJsonText(variables), new Date(0));
  expect(render('{"a":"{{Name}}"}')).toBe('{"a":"Ann"}');
  expect(() => render('{"a":"{{repoint.unsubscribeUrl}}"}')).toThrow('repoint.unsubscribeUrl: no endpoint');
});
