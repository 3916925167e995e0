import { describe, expect, test } from 'vitest';
import {
  applyWrites,
  LARGEST_ENDPOINT_BYTES,
  MOST_ENDPOINTS_PER_USER,
} from '../../../src/domain/endpoint/audience.ts';
import { cohortOf } from '../../../src/domain/endpoint/cohort.ts';
import type { Endpoint, EndpointChange, StringLists } from '../../../src/domain/endpoint/endpoint.ts';
import { mergeEndpoint } from '../../../src/domain/endpoint/merge.ts';

const then = new Date('2026-03-31T11:00:00Z');
const now = new Date('2026-03-31T12:00:00Z');

function state(endpoints: readonly Endpoint[], users: Record<string, StringLists> = {}) {
  return { endpoints: new Map(endpoints.map((one) => [one.id, one])), users: new Map(Object.entries(users)) };
}

function stored(id: string, change: EndpointChange, at = then): Endpoint {
  return mergeEndpoint(id, undefined, change, at);
}

function messages(outcome: ReturnType<typeof applyWrites>): (string | undefined)[] {
  return outcome.refusals.map((refusal) => refusal?.message);
}

const mail = { channelType: 'EMAIL', address: 'a@example.com' } as const;

describe('a write to an endpoint', () => {
  test('replaces the lists, metrics and fields it names and keeps the rest', () => {
    const before = stored('e', {
      ...mail,
      attributes: { A: ['1', '2'], B: ['x'], C: ['y'] },
      metrics: { M: 1, N: 2 },
      demographic: { Make: 'Apple', Model: 'iPhone' },
      location: { City: 'Seattle', Country: 'US' },
    });
    const change = {
      attributes: { A: ['3'], C: [] },
      metrics: { N: 3 },
      demographic: { Model: 'iPad' },
      location: { City: 'Berlin' },
    };
    expect(applyWrites(state([before]), [{ id: 'e', change }], now).written[0]).toMatchObject({
      ...mail,
      attributes: { A: ['3'], B: ['x'], C: [] },
      metrics: { M: 1, N: 3 },
      demographic: { Make: 'Apple', Model: 'iPad' },
      location: { City: 'Berlin', Country: 'US' },
      effectiveDate: now,
      createdAt: then,
    });
  });

  test('makes it ACTIVE unless it says otherwise, and leaves a new one opted in', () => {
    const before = stored('e', { ...mail, status: 'INACTIVE', optOut: 'ALL' });
    expect(applyWrites(state([before]), [{ id: 'e', change: {} }], now).written[0]).toMatchObject({
      status: 'ACTIVE',
      optOut: 'ALL',
    });
    expect(
      applyWrites(state([]), [{ id: 'n', change: { status: 'INACTIVE' } }], now).written[0],
    ).toMatchObject({ status: 'INACTIVE', optOut: 'NONE' });
  });

  test("is the user's where it names user attributes, for all endpoints of the user", () => {
    const outcome = applyWrites(
      state([stored('e', { ...mail, userId: 'u' })], { u: { Plan: ['free'], City: ['Kiel'] } }),
      [{ id: 'e', change: { userAttributes: { Plan: ['premium'] } } }],
      now,
    );
    expect(outcome.users).toEqual(new Map([['u', { Plan: ['premium'], City: ['Kiel'] }]]));
    expect(outcome.changed).toEqual([]);
  });

  test('that changes nothing leaves nothing dirty', () => {
    const before = stored('e', { ...mail, userId: 'u', attributes: { A: ['1'], B: ['2'] } });
    const change = { attributes: { B: ['2'], A: ['1'] }, userId: 'u', userAttributes: { Plan: ['x'] } };
    const outcome = applyWrites(state([before], { u: { Plan: ['x'] } }), [{ id: 'e', change }], now);
    expect(outcome.written).toHaveLength(1);
    expect([outcome.changed, outcome.users.size]).toEqual([[], 0]);
  });

  test('after more than the shortest recency window is dirty, though only time went by', () => {
    const before = stored('e', mail, new Date(now.getTime() - 86_400_001));
    expect(applyWrites(state([before]), [{ id: 'e', change: {} }], now).changed).toHaveLength(1);
  });

  test('of an address that an older endpoint of the channel has turns that one INACTIVE', () => {
    const others = [
      stored('same', mail),
      stored('sms', { ...mail, channelType: 'CUSTOM' }),
      stored('other', { ...mail, address: 'b@example.com' }),
    ];
    const outcome = applyWrites(state(others), [{ id: 'new', change: mail }], now);
    expect(outcome.changed.map(({ id, status }) => [id, status])).toEqual([
      ['same', 'INACTIVE'],
      ['new', 'ACTIVE'],
    ]);
  });

  test('that is itself INACTIVE takes no address from anybody', () => {
    const outcome = applyWrites(
      state([stored('same', mail)]),
      [{ id: 'new', change: { ...mail, status: 'INACTIVE' } }],
      now,
    );
    expect(outcome.changed.map(({ id }) => id)).toEqual(['new']);
  });

  test('with a channel type and no address is "Missing Address"; with neither it is accepted', () => {
    const outcome = applyWrites(
      state([]),
      [
        { id: 'a', change: { channelType: 'EMAIL' } },
        { id: 'b', change: { address: 'x' } },
        { id: 'c', change: { userId: 'u', userAttributes: { Plan: ['x'] } } },
        { id: 'd', change: { channelType: 'IN_APP' } },
      ],
      now,
    );
    expect(messages(outcome)).toEqual(['Missing Address', 'Missing ChannelType', undefined, undefined]);
    expect(outcome.written.map(({ id }) => id)).toEqual(['c', 'd']);
  });

  test('with user attributes and nobody to hold them keeps them itself, merged like any other', () => {
    const before = stored('a', { userAttributes: { Plan: ['x'], City: ['Kiel'] } });
    const change = { userAttributes: { Plan: ['y'] } };
    const outcome = applyWrites(state([before]), [{ id: 'a', change }], now);
    expect(outcome.changed).toMatchObject([
      { userId: null, unclaimedAttributes: { Plan: ['y'], City: ['Kiel'] } },
    ]);
    expect(outcome.users.size).toBe(0);
  });

  test('that gives it a user hands them over: what is known of the user and what the write says come first', () => {
    const before = stored('a', { userAttributes: { Plan: ['x'], City: ['Kiel'], Age: ['7'] } });
    const change = { userId: 'u', userAttributes: { Age: ['8'] } };
    const outcome = applyWrites(state([before], { u: { Plan: ['premium'] } }), [{ id: 'a', change }], now);
    expect(outcome.written).toMatchObject([{ userId: 'u', unclaimedAttributes: {} }]);
    expect(outcome.users).toEqual(new Map([['u', { Plan: ['premium'], City: ['Kiel'], Age: ['8'] }]]));
  });

  test('that takes it from its user leaves the user’s attributes with the user', () => {
    const before = stored('a', { userId: 'u' });
    const change = { userId: null, userAttributes: { Plan: ['x'] } };
    const outcome = applyWrites(state([before], { u: { City: ['Kiel'] } }), [{ id: 'a', change }], now);
    expect(outcome.written).toMatchObject([{ userId: null, unclaimedAttributes: { Plan: ['x'] } }]);
    expect(outcome.users.size).toBe(0);
  });

  test('is refused beyond 15 KB with the attributes of the user counted, and changes nothing', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`a${i}`, ['ü'.repeat(50)]]));
    const users = { u: many };
    const outcome = applyWrites(
      state([], users),
      [{ id: 'e', change: { userId: 'u', attributes: many } }],
      now,
    );
    expect(messages(outcome)[0]).toContain(`at most ${LARGEST_ENDPOINT_BYTES} bytes`);
    expect([outcome.written, outcome.users.size]).toEqual([[], 0]);
    expect(messages(applyWrites(state([], users), [{ id: 'e', change: { userId: 'u' } }], now))).toEqual([
      undefined,
    ]);
  });

  test('leaves its user where it says so', () => {
    const outcome = applyWrites(
      state([stored('e', { ...mail, userId: 'u' })]),
      [{ id: 'e', change: { userId: null } }],
      now,
    );
    expect(outcome.changed[0]?.userId).toBeNull();
  });

  test('sees what an earlier write of its batch did to the same endpoint', () => {
    const outcome = applyWrites(
      state([]),
      [
        { id: 'e', change: { ...mail, userId: 'u' } },
        { id: 'e', change: { userAttributes: { Plan: ['x'] }, attributes: { A: ['1'] } } },
      ],
      now,
    );
    expect(messages(outcome)).toEqual([undefined, undefined]);
    expect(outcome.written).toMatchObject([{ ...mail, userId: 'u', attributes: { A: ['1'] } }]);
    expect(outcome.users).toEqual(new Map([['u', { Plan: ['x'] }]]));
  });
});

describe('the sixteenth endpoint of a user', () => {
  const full = Array.from({ length: MOST_ENDPOINTS_PER_USER }, (_, i) =>
    stored(`e${i}`, { channelType: 'EMAIL', address: `${i}@example.com`, userId: 'u' }),
  );
  const push = stored(
    'phone',
    { channelType: 'GCM', address: 't1', userId: 'u' },
    new Date('2026-01-01T00:00:00Z'),
  );
  const newer = stored('tablet', { channelType: 'APNS', address: 't2', userId: 'u' });

  test('is refused, in the words clients look for', () => {
    const outcome = applyWrites(
      state(full),
      [{ id: 'new', change: { channelType: 'SMS', address: '+1', userId: 'u' } }],
      now,
    );
    expect(messages(outcome)).toEqual(['Exceeded maximum endpoint per user count 15']);
    expect(outcome.written).toEqual([]);
  });

  test('may be written again once it is among them', () => {
    expect(messages(applyWrites(state(full), [{ id: 'e3', change: { userId: 'u' } }], now))).toEqual([
      undefined,
    ]);
  });

  test("takes the place of the oldest push endpoint when it is one: that becomes INACTIVE and nobody's", () => {
    const outcome = applyWrites(
      state([...full.slice(2), newer, push]),
      [{ id: 'new', change: { channelType: 'APNS', address: 't3', userId: 'u' } }],
      now,
    );
    expect(messages(outcome)).toEqual([undefined]);
    expect(outcome.changed.map(({ id, userId, status }) => [id, userId, status])).toEqual([
      ['phone', null, 'INACTIVE'],
      ['new', 'u', 'ACTIVE'],
    ]);
  });

  test('on a push channel is refused when there is no push endpoint to make way', () => {
    const outcome = applyWrites(
      state(full),
      [{ id: 'new', change: { channelType: 'APNS', address: 't', userId: 'u' } }],
      now,
    );
    expect(messages(outcome)).toEqual(['Exceeded maximum endpoint per user count 15']);
  });
});

test('a cohort is fixed by the id, and ids spread over all hundred', () => {
  expect([cohortOf('user123-email'), cohortOf('user123-iphone'), cohortOf('ü')]).toMatchInlineSnapshot(`
    [
      73,
      82,
      43,
    ]
  `);
  const counts = new Map<number, number>();
  for (let i = 0; i < 20_000; i += 1) {
    const cohort = cohortOf(`endpoint-${i}`);
    counts.set(cohort, (counts.get(cohort) ?? 0) + 1);
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(Math.min(...counts.values())).toBeGreaterThan(130);
  expect(Math.max(...counts.values())).toBeLessThan(280);
});
