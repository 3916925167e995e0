import { expect, test } from 'vitest';
import { layered } from '../../src/templates/variables.ts';
import { variablesIn } from '../../src/templates/variablesIn.ts';
import { variableWarnings } from '../../src/templates/variableWarnings.ts';

test.each<[string, string[], string[]]>([
  ['{{User.UserAttributes.First}} {{{Address}}}', ['User.UserAttributes.First', 'Address'], []],
  ['{{Attributes.[Favourite Colour].[0]}}', ['Attributes.Favourite Colour.0'], []],
  ['{{upper (substring City 0 3)}}{{now}}{{uuid}}{{dateFormat When tz=Zone}}', ['City', 'When', 'Zone'], []],
  ['{{#if A}}{{A}}{{B}}{{else}}{{C}}{{/if}}{{default D "x"}}', ['B', 'C'], ['A', 'D']],
  ['{{#each L}}{{this}}{{name}}{{@root.Top}}{{../Up}}{{@index}}{{else}}{{E}}{{/each}}', ['Top', 'E'], ['L']],
  ['{{#with User}}{{UserId}}{{/with}}{{#Attributes}}{{x}}{{/Attributes}}', ['Attributes'], ['User']],
  ['{{#* inline "p"}}{{Inside}}{{/inline}}{{> p a=Given}}', ['Given'], []],
])('%s', (source, shown, asked) => {
  const uses = variablesIn(source);
  const of = (mayBeMissing: boolean) =>
    uses.filter((use) => use.mayBeMissing === mayBeMissing).map(({ path }) => path.join('.'));
  expect([of(false), of(true)]).toEqual([shown, asked]);
});

const known = layered([
  { User: { UserId: 'ann', UserAttributes: { First: ['Ann'] } }, Attributes: { A: ['x'] } },
]);

test.each<[string, string[]]>([
  ['{{User.UserId}}{{User.UserAttributes.First.[0]}}{{Attributes.A}}{{repoint.unsubscribeUrl}}', []],
  ['{{#if Attributes.B}}{{Attributes.B}}{{/if}}', []],
  ['{{Attributes.B}}', ['{{Attributes.B}}: has no value here, and no default; it renders as nothing']],
  [
    '{{Attributes.A.[1]}}',
    ['{{Attributes.A.[1]}}: has no value here, and no default; it renders as nothing'],
  ],
  [
    '{{Event.Attributes.cart}}',
    [
      '{{Event.Attributes.cart}}: is known only when a journey sends it, and no default; it renders as nothing',
    ],
  ],
  [
    '{{FirstName}}',
    ['{{FirstName}}: no message has it; it renders as nothing, unless Substitutions give it'],
  ],
  [
    '{{User.Name}}',
    ['{{User.Name}}: no message has it; it renders as nothing, unless Substitutions give it'],
  ],
  [
    '{{constructor}}',
    ['{{constructor}}: no message has it; it renders as nothing, unless Substitutions give it'],
  ],
  ['{{Own.Word}}', []],
])('of %s a preview says %j', (source, warnings) => {
  expect(
    variableWarnings(variablesIn(source), known, { 'Own.Word': 'x' }).filter(
      (text) => !text.startsWith('{{Own'),
    ),
  ).toEqual(warnings);
});
