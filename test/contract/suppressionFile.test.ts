import { describe, expect, it } from 'vitest';
import {
  isOneOfSeveralPages,
  parseSuppressedAddress,
  parseSuppressionFile,
} from '../../src/contract/suppressionFile.ts';

const seen = '2026-01-02T03:04:05.000Z';

describe('a file of suppressed addresses', () => {
  it.each([
    ['a line each', 'ann@example.com\r\n\r\n+1 555 0100\n'],
    ['with titles', 'EmailAddress,Reason\nann@example.com,manual\n+1 555 0100,OPT_OUT,'],
    ['quoted', '"ann@example.com","MANUAL"\n"+1 555 0100","OPT_OUT"'],
    ['with the mark that spreadsheets put first', '\uFEFFann@example.com\n+1 555 0100'],
  ])('is read %s', (_, text) => {
    expect(parseSuppressionFile(text)).toEqual([
      { channel: 'EMAIL', address: 'ann@example.com', reason: 'MANUAL', since: null },
      { channel: 'SMS', address: '+1 555 0100', reason: 'OPT_OUT', since: null },
    ]);
  });

  it("is read as SES's own import and export have it, and with times", () => {
    expect(parseSuppressionFile(`ann@example.com,BOUNCE\nbob@example.com,COMPLAINT,${seen}`)).toEqual([
      { channel: 'EMAIL', address: 'ann@example.com', reason: 'BOUNCE', since: null },
      { channel: 'EMAIL', address: 'bob@example.com', reason: 'COMPLAINT', since: new Date(seen) },
    ]);
  });

  it.each([seen, Date.parse(seen) / 1000])("is read as AWS's command line printed it, time %s", (time) => {
    const emails = [{ EmailAddress: 'ann@example.com', Reason: 'BOUNCE', LastUpdateTime: time }];
    expect(parseSuppressionFile(JSON.stringify({ SuppressedDestinationSummaries: emails }))).toEqual([
      { channel: 'EMAIL', address: 'ann@example.com', reason: 'BOUNCE', since: new Date(seen) },
    ]);
    const numbers = [{ OptedOutNumber: '+15550100', OptedOutTimestamp: time, EndUserOptedOut: true }];
    expect(
      parseSuppressionFile(JSON.stringify({ OptOutListName: 'Default', OptedOutNumbers: numbers })),
    ).toEqual([{ channel: 'SMS', address: '+15550100', reason: 'OPT_OUT', since: new Date(seen) }]);
  });

  it('is refused with every problem and its line', () => {
    const text = 'ann@example.com,SPAM\nAnn\nbob@example.com,BOUNCE,yesterday\n12';
    expect(() => parseSuppressionFile(text)).toThrow(
      /line 1: "SPAM": the reason must be one of BOUNCE.*line 2: "Ann" is no e-mail.*line 3: "yesterday" is no time.*line 4: "12" is no/,
    );
    expect(() => parseSuppressionFile('{"Foo": 1}')).toThrow(/file: JSON, but neither/);
  });

  it('is empty where the file is', () => {
    expect(parseSuppressionFile('\n')).toEqual([]);
  });
});

it('reads an address as the list knows it', () => {
  expect(parseSuppressedAddress('Ann@Example.com')).toEqual({ channel: 'EMAIL', address: 'ann@example.com' });
  expect(() => parseSuppressedAddress('Ann')).toThrow(/address: "Ann" is no e-mail address/);
});

it('tells that a file is one page of several, which AWS’s command line prints of SES’s list', () => {
  const page = { SuppressedDestinationSummaries: [] };
  expect(isOneOfSeveralPages(JSON.stringify({ ...page, NextToken: 'more' }))).toBe(true);
  expect(isOneOfSeveralPages(JSON.stringify({ ...page, NextToken: null }))).toBe(false);
  expect(isOneOfSeveralPages('a@example.com')).toBe(false);
});
