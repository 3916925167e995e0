import { describe, expect, it } from 'vitest';
import { type Decoded, decodeInput } from '../../../src/contract/model/decode.ts';
import { type OperationName, operationNamed } from '../../../src/contract/model/operations.ts';
import { RepointError } from '../../../src/domain/errors.ts';

/** Decodes a request whose labels all have the value `id`. */
function decode(name: OperationName, body: string | Uint8Array, query: [string, string][] = []): Decoded {
  const operation = operationNamed(name);
  const labels = operation.input.members.filter((member) => member.location === 'path');
  return decodeInput(operation, {
    labels: new Map(labels.map((member) => [member.name, 'id'])),
    query,
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  });
}

function problemsOf(name: OperationName, body: string | Uint8Array, query: [string, string][] = []) {
  try {
    decode(name, body, query);
  } catch (error) {
    if (error instanceof RepointError) return error.problems;
    throw error;
  }
  return [];
}

describe('a body', () => {
  it('becomes the payload member of the input, beside labels and query', () => {
    expect(decode('CreateApp', '{"Name":"x","tags":{"a":"b"}}')).toEqual({
      input: { CreateApplicationRequest: { Name: 'x', tags: { a: 'b' } } },
      warnings: [],
    });
    expect(decode('GetApps', '', [['page-size', '5']]).input).toEqual({ PageSize: '5' });
    expect(
      decode('UntagResource', '', [
        ['tagKeys', 'a'],
        ['tagKeys', 'b'],
      ]).input,
    ).toEqual({
      ResourceArn: 'id',
      TagKeys: ['a', 'b'],
    });
  });

  it('that is empty is an empty object, so that the problem names the member', () => {
    expect(problemsOf('CreateApp', '')).toEqual([{ path: 'Name', message: 'is required' }]);
  });

  it('is refused when it is no UTF-8 or no JSON, without being repeated', () => {
    expect(problemsOf('CreateApp', new Uint8Array([0x7b, 0xff, 0x7d]))).toEqual([
      { path: 'request body', message: 'not valid UTF-8' },
    ]);
    expect(problemsOf('CreateApp', '{"Name":"secret",}')).toEqual([
      { path: 'request body', message: 'not valid JSON (position 17 (line 1 column 18))' },
    ]);
    expect(problemsOf('CreateApp', '{"Name":')).toEqual([
      { path: 'request body', message: 'not valid JSON (it ends too early)' },
    ]);
  });

  it.each(['[]', '"text"', '7', 'null', 'true'])('%s is refused where an object belongs', (body) => {
    expect(problemsOf('CreateApp', body)).toEqual([
      { path: 'request body', message: `must be an object; given ${body}` },
    ]);
  });
});

describe('problems', () => {
  it('are all told at once, each with its path', () => {
    const body = {
      BatchItem: { e1: { Endpoint: { Demographic: 5 }, Events: { a: { Metrics: { m: 'x' } } } } },
    };
    expect(
      problemsOf('PutEvents', JSON.stringify(body)).map(({ path, message }) => `${path}: ${message}`),
    ).toEqual([
      'BatchItem.e1.Endpoint.Demographic: must be an object; given 5',
      'BatchItem.e1.Events.a.EventType: is required',
      'BatchItem.e1.Events.a.Timestamp: is required',
      'BatchItem.e1.Events.a.Metrics.m: must be a finite number; given "x"',
    ]);
  });

  it('name what an enumeration allows', () => {
    expect(problemsOf('UpdateJourneyState', '{"State":"RUNNING"}')).toEqual([
      {
        path: 'State',
        message: 'must be one of ACTIVE, CANCELLED, CLOSED, COMPLETED, DRAFT, PAUSED; given "RUNNING"',
      },
    ]);
  });

  it('count positions in lists', () => {
    const body = '{"Address":"a","Attributes":{"Plan":["x",7]}}';
    expect(problemsOf('UpdateEndpoint', body)).toEqual([
      { path: 'Attributes.Plan[1]', message: 'must be a string; given 7' },
    ]);
  });
});

describe('numbers', () => {
  it.each(['1e400', '-1e400', '"5"', 'true'])('refuse %s as a metric', (value) => {
    expect(problemsOf('UpdateEndpoint', `{"Metrics":{"m":${value}}}`)[0]?.path).toBe('Metrics.m');
  });

  it.each(['1.5', '2147483648', '1e400'])('refuse %s as an integer', (value) => {
    expect(problemsOf('CreateCampaign', `{"Limits":{"Daily":${value}}}`)).toEqual([
      expect.objectContaining({ path: 'Limits.Daily' }),
    ]);
  });
});

describe('dates', () => {
  const schedule = (start: string) => JSON.stringify({ Name: 'j', Schedule: { StartTime: start } });
  it.each([
    ['2026-02-28T10:00:00Z', '2026-02-28T10:00:00.000Z'],
    ['2026-02-28T10:00:00.5+02:00', '2026-02-28T08:00:00.500Z'],
    ['2024-02-29T10:00-0530', '2024-02-29T15:30:00.000Z'],
  ])('%s is %s', (given, instant) => {
    expect(decode('CreateJourney', schedule(given)).input).toMatchObject({
      WriteJourneyRequest: { Schedule: { StartTime: new Date(instant) } },
    });
  });

  it.each(['2026-02-30T10:00:00Z', '2026-13-01T10:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01', 'soon', ''])(
    '%j is refused',
    (given) => {
      expect(problemsOf('CreateJourney', schedule(given))).toEqual([
        expect.objectContaining({ path: 'Schedule.StartTime' }),
      ]);
    },
  );
});

describe('texts', () => {
  it.each(['"a\\u0000b"', '"\\ud800"'])('%s is refused, as Postgres could not keep it', (text) => {
    expect(problemsOf('CreateApp', `{"Name":${text}}`)).toEqual([expect.objectContaining({ path: 'Name' })]);
    expect(problemsOf('CreateApp', `{"Name":"x","tags":{${text}:"v"}}`)).toHaveLength(1);
  });

  it('is refused in a query and a label too', () => {
    expect(problemsOf('GetApps', '', [['token', 'a\u0000']])).toEqual([
      expect.objectContaining({ path: 'token' }),
    ]);
  });
});

describe('null', () => {
  it('is absent in structures and maps and refused in lists', () => {
    const body = '{"Address":null,"Attributes":{"a":null,"b":["x"]},"User":null}';
    expect(decode('UpdateEndpoint', body).input).toEqual({
      ApplicationId: 'id',
      EndpointId: 'id',
      EndpointRequest: { Attributes: { b: ['x'] } },
    });
    expect(problemsOf('UpdateEndpoint', '{"Attributes":{"a":[null]}}')).toEqual([
      { path: 'Attributes.a[0]', message: 'must be a string; given null' },
    ]);
    expect(problemsOf('CreateApp', '{"Name":null}')).toEqual([{ path: 'Name', message: 'is required' }]);
  });
});

describe('maps', () => {
  it('keep keys such as __proto__ and constructor as keys', () => {
    const { input } = decode('CreateApp', '{"Name":"x","tags":{"__proto__":"p","constructor":"c"}}');
    const tags = (input.CreateApplicationRequest as { tags: Record<string, string> }).tags;
    expect(Object.entries(tags)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
  });

  it('hold only the keys that an enumeration allows', () => {
    const body = '{"Name":"j","OpenHours":{"EMAIL":{"MONDAY":[],"FUNDAY":[]}}}';
    expect(problemsOf('CreateJourney', body)).toEqual([
      expect.objectContaining({ path: 'OpenHours.EMAIL.FUNDAY' }),
    ]);
  });
});

describe('blobs', () => {
  it('are base64', () => {
    const body = (data: string) =>
      JSON.stringify({ MessageConfiguration: { EmailMessage: { RawEmail: { Data: data } } } });
    expect(decode('SendMessages', body('aGk=')).input).toMatchObject({
      MessageRequest: {
        MessageConfiguration: { EmailMessage: { RawEmail: { Data: new Uint8Array([104, 105]) } } },
      },
    });
    expect(problemsOf('SendMessages', body('not base64!'))).toHaveLength(1);
  });
});

describe('unknown members', () => {
  it('are left out with a warning that guesses what was meant', () => {
    expect(decode('CreateApp', '{"Name":"x","Tags":{},"Colour":"red"}')).toEqual({
      input: { CreateApplicationRequest: { Name: 'x' } },
      warnings: [
        'Tags: CreateApplicationRequest has no such member (did you mean tags?); ignored',
        'Colour: CreateApplicationRequest has no such member; ignored',
      ],
    });
  });

  it('take SegmentDimensions for segmentDimensions', () => {
    const condition = { SegmentDimensions: { Attributes: {} } };
    const body = {
      Name: 'j',
      Activities: { A: { ConditionalSplit: { Condition: { Conditions: [condition] } } } },
    };
    const { input, warnings } = decode('CreateJourney', JSON.stringify(body));
    expect(input.WriteJourneyRequest).toEqual(body);
    expect(warnings).toEqual([
      'Activities.A.ConditionalSplit.Condition.Conditions[0].SegmentDimensions: accepted as segmentDimensions',
    ]);
  });

  it("of a journey's activity reach the handler, NextActivity without a warning", () => {
    const body = { Name: 'j', Activities: { Mail: { EMAIL: {}, NextActivity: 'Wait', Note: { a: [1] } } } };
    const { input, warnings } = decode('CreateJourney', JSON.stringify(body));
    expect(input.WriteJourneyRequest).toEqual(body);
    expect(warnings).toEqual(['Activities.Mail.Note: Activity has no such member; ignored']);
  });

  it('cannot nest without end', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(problemsOf('CreateJourney', `{"Name":"j","Activities":{"A":{"X":${deep}}}}`)).toHaveLength(1);
  });
});
