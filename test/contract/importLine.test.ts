import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '../../src/contract/endpoint.ts';
import { parseImportLine } from '../../src/contract/importLine.ts';

const read = (value: unknown) => parseImportLine(JSON.stringify(value), 'app');

it("reads each line of the tutorial's file as the endpoint that update-endpoint would take", () => {
  const file = readFileSync(new URL('../../examples/tutorial/users.json', import.meta.url), 'utf8');
  const lines = file.trimEnd().split('\n');
  expect(lines).toHaveLength(6);
  for (const line of lines) {
    const { Id, ...request } = JSON.parse(line);
    expect(parseImportLine(line, 'app')).toEqual({ endpointId: Id, change: parseEndpoint(request) });
  }
});

it('lets go of status, effective date and of members it does not know, as an export writes them', () => {
  const plain = { Id: 'e', ChannelType: 'EMAIL', Address: 'a@example.com' };
  const exported = {
    ...plain,
    EndpointStatus: 'INACTIVE',
    EffectiveDate: '2020-01-01T00:00:00Z',
    CohortId: '7',
    ApplicationId: 'another',
    Location: null,
  };
  expect(read(exported)).toEqual(read(plain));
});

describe('without an id', () => {
  const line = { ChannelType: 'EMAIL', Address: 'a@example.com' };

  it('the same address of the same app has the same id, which does not show it', () => {
    const { endpointId } = read(line);
    expect(endpointId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(read({ ...line, Attributes: { Plan: ['x'] } }).endpointId).toBe(endpointId);
    expect(parseImportLine(JSON.stringify(line), 'another').endpointId).not.toBe(endpointId);
    expect(read({ ...line, ChannelType: 'CUSTOM' }).endpointId).not.toBe(endpointId);
  });

  it('needs a channel type and an address', () => {
    expect(() => read({ User: { UserId: 'u' } })).toThrow(
      'ChannelType: is required where there is no Id; Address: is required where there is no Id',
    );
  });
});

describe('refuses', () => {
  it.each([
    ['broken JSON', '{"Id": "e"', 'not valid JSON'],
    ['a list', '[{"Id": "e"}]', 'not a list'],
    ['a text', '"e"', 'must be a JSON object'],
    ['a member of the wrong type', '{"Id": "e", "Address": 5}', 'Address: '],
    ['a list for an object', '{"Id": "e", "User": []}', 'User: '],
    ['null in a list', '{"Id": "e", "Attributes": {"a": [null]}}', 'Attributes.a[0]: '],
    [
      'an unknown channel',
      '{"Id": "e", "ChannelType": "FAX", "Address": "1"}',
      'ChannelType: must be one of',
    ],
    ['NUL, which cannot be kept', '{"Id": "e\\u0000"}', 'must not contain the character'],
    ['a lone surrogate', '{"Id": "e", "Attributes": {"a": ["\\ud800"]}}', 'lone surrogate'],
    ['a number without end', '{"Id": "e", "Metrics": {"m": 1e400}}', 'Metrics.m: must be a finite number'],
  ])('%s', (_, line, words) => {
    expect(() => parseImportLine(line, 'app')).toThrow(
      expect.objectContaining({ code: 'BadRequest', message: expect.stringContaining(words) }),
    );
  });

  it('naming every problem of the line', () => {
    expect(() => read({ Id: 5, Address: 6, OptOut: 'maybe' })).toThrow(/^Id: .*; Address: .*; OptOut: /);
  });

  it('without quoting what may be personal', () => {
    expect(() => read({ Id: ['ada@example.com'], Address: ['ada@example.com'] })).toThrow(/^((?!ada).)*$/);
  });
});
