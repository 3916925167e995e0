import { describe, expect, it } from 'vitest';
import { clocksOf, type Whereabouts } from '../../src/zones/clocksOf.ts';

const summer = Date.parse('2026-07-01T12:00:00Z');
const both = ['PHONE_NUMBER', 'POSTAL_CODE'];

/** Hours ahead of UTC in July 2026, for every zone the endpoint may be in. */
async function hours(endpoint: Partial<Whereabouts>, methods: readonly string[] = both): Promise<number[]> {
  const unknown = { channel_type: 'EMAIL', address: 'someone@example.com', demographic: {}, location: {} };
  const clocks = await clocksOf({ ...unknown, ...endpoint }, methods);
  return [...new Set(clocks.map((clock) => clock.offsetAt(summer) / 60))].sort((a, b) => a - b);
}

function phone(address: string, Country?: string): Partial<Whereabouts> {
  return { channel_type: 'SMS', address, location: Country === undefined ? {} : { Country } };
}

function post(Country: string, PostalCode: string): Partial<Whereabouts> {
  return { location: { Country, PostalCode } };
}

describe("an endpoint's zone", () => {
  it('is the one it states, whatever could be estimated', async () => {
    expect(await hours({ ...phone('+14155551234'), demographic: { Timezone: 'asia/kathmandu' } })).toEqual([
      5.75,
    ]);
  });

  it('is estimated only by the methods that are asked for, in their order', async () => {
    const endpoint = { ...phone('+14155551234'), location: { Country: 'US', PostalCode: '10001' } };
    expect(await hours(endpoint, [])).toEqual([]);
    expect(await hours(endpoint, ['PHONE_NUMBER'])).toEqual([-7]);
    expect(await hours(endpoint, ['POSTAL_CODE', 'PHONE_NUMBER'])).toEqual([-4]);
  });

  it('is estimated where the one it states is none', async () => {
    expect(await hours({ ...post('DE', '10115'), demographic: { Timezone: 'Mars/Olympus' } })).toEqual([2]);
  });

  it('is unknown where nothing tells', async () => {
    expect(await hours({})).toEqual([]);
    expect(await hours(phone('no number'))).toEqual([]);
    expect(await hours({ channel_type: 'SMS', address: null })).toEqual([]);
  });
});

describe('a phone number', () => {
  it.each([
    ['+1 212 555 1234', undefined, [-4]],
    ['+61412345678', undefined, [10]],
    ['+34 922 12 34 56', undefined, [1]],
    ['+1 907 555 1234', undefined, [-9, -8]],
    ['(415) 555-1234', 'us', [-7]],
  ])('%s tells the zones it may be in', async (address, country, expected) => {
    expect(await hours(phone(address, country))).toEqual(expected);
  });

  it('is not looked for in other channels', async () => {
    expect(await hours({ channel_type: 'GCM', address: '+12125551234' })).toEqual([]);
  });
});

describe('a postal code', () => {
  it.each([
    ['US', '10001', [-4]],
    ['US', '46402', [-5]],
    ['US', '86503-1234', [-6]],
    ['us', '00901', [-4]],
    ['US', '96799', [-11]],
    ['GB', 'SW1A 1AA', [1]],
    ['FR', '97400', [4]],
    ['ES', '35001', [1]],
    ['ES', '28013', [2]],
    ['AU', '2898', [10.5]],
    ['AU', '0800', [9.5]],
    ['NZ', '8942', [12.75]],
    ['CA', 'A1A 1A1', [-2.5]],
    ['CA', 'm5v 2t6', [-4]],
    ['CA', 'P0T 1A0', [-5, -4]],
  ])('of %s, %s tells the zones it may be in', async (country, code, expected) => {
    expect(await hours(post(country, code))).toEqual(expected);
  });

  it.each([
    ['JP', '100-0001'],
    ['US', 'ABCDE'],
    ['CA', 'W1A 1A1'],
    ['', '10001'],
  ])('of "%s", %s is unknown', async (country, code) => {
    expect(await hours(post(country, code))).toEqual([]);
  });
});
