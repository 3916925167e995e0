import { expect, it } from 'vitest';
import { suppressedForm } from '../../src/domain/suppression.ts';

it.each([
  ['EMAIL', ' Ann@Example.COM', 'ann@example.com'],
  ['PUSH', 'Token:1', 'Token:1'],
  ['SMS', '+1 (555) 010-0100', '+15550100100'],
  ['SMS', '0015550100100', '+15550100100'],
])('knows %s %s as %s, however it is written', (channel, given, address) => {
  expect(suppressedForm(channel, given)).toEqual({ channel, address });
});

it('has no form for what is not suppressed by its address: a webhook', () => {
  expect(suppressedForm('CUSTOM', 'https://a.example')).toBeNull();
});
