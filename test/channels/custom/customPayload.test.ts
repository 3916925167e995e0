import { describe, expect, it } from 'vitest';
import { customPayload, readAnswer } from '../../../src/channels/custom/customPayload.ts';
import { aCustom } from '../../support/outgoing.ts';

const first = aCustom({
  origin: { journeyId: 'j', activityId: 'Hook', journeyRunId: 'run1', endpointId: 'one' },
});
const second = aCustom({
  origin: { journeyId: 'j', activityId: 'Hook', endpointId: 'two' },
  endpoint: { ChannelType: 'EMAIL', Address: 'ann@example.com' },
});

it('a custom channel is told what Pinpoint tells it, with the ids of a journey', () => {
  expect(customPayload([first, second])).toEqual({
    Message: {},
    Data: 'hello',
    ApplicationId: first.appId,
    JourneyId: 'j',
    JourneyRunId: 'run1',
    ActivityId: 'Hook',
    ScheduledTime: '2026-02-12T10:30:00.000Z',
    Endpoints: {
      one: { ChannelType: 'CUSTOM', Address: 'ann' },
      two: { ChannelType: 'EMAIL', Address: 'ann@example.com' },
    },
  });
});

describe('an answer', () => {
  const read = (answer: unknown) => {
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    const { answers, dropped } = readAnswer(text, [first, second]);
    return { answers: Object.fromEntries(answers), dropped };
  };

  it('gives each endpoint its attributes', () => {
    const answer = { one: { EventAttributes: { Answer: 'yes' } }, two: {} };
    expect(read(answer)).toEqual({ answers: { one: { Answer: 'yes' }, two: {} }, dropped: 0 });
  });

  it('is kept in characters that Postgres takes', () => {
    expect(read({ one: { EventAttributes: { 'a\u0000': 'b\uD83D' } } }).answers).toEqual({
      one: { 'a\uFFFD': 'b\uFFFD' },
    });
  });

  it('may have numbers and truth values, which are text', () => {
    expect(read({ one: { EventAttributes: { Score: 7, Known: true } } }).answers).toEqual({
      one: { Score: '7', Known: 'true' },
    });
  });

  it('counts to five attributes whose names and values have at most 128 characters', () => {
    const long = 'x'.repeat(129);
    const most = 'x'.repeat(128);
    const EventAttributes = {
      [long]: '1',
      a: long,
      '': '1',
      b: null,
      [most]: most,
      c: '',
      d: '',
      e: '',
      f: '',
      g: '',
    };
    expect(read({ one: { EventAttributes } })).toEqual({
      answers: { one: { [most]: most, c: '', d: '', e: '', f: '' } },
      dropped: 5,
    });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['no object', [1]],
    ['an endpoint that was not asked about', { three: { EventAttributes: { a: 'b' } } }],
    ['attributes that are none', { one: { EventAttributes: 'a' } }],
    ['what every object has', '{"__proto__":{"one":{"EventAttributes":{"a":"b"}}}}'],
  ])('that is %s says nothing', (_, answer) => {
    expect(read(answer)).toEqual({ answers: {}, dropped: 0 });
  });

  it('that was cut off says nothing', () => {
    expect(readAnswer(null, [first])).toEqual({ answers: new Map(), dropped: 0 });
  });
});
