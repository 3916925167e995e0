import fc from 'fast-check';
import { recencyWindows } from '../../src/domain/segment/document.ts';
import { momentOf } from '../../src/domain/segment/moment.ts';
import type { Dimension, SegmentTree } from '../../src/domain/segment/tree.ts';
import type { Subject } from './segmentOracle.ts';

export const now = new Date('2026-03-31T12:00:00.000Z');
const names = ['Plan', 'Signup'];
export const words = ['premium', 'free', 'Free', '', "it's", 'ü日本'];
export const dates = [
  '2026-03-01',
  '2026-03-31',
  '2026-03-30T12:00:00Z',
  '2026-03-31T12:00:00.001Z',
  '2026-03-31T11:59:59.9999999Z',
  '2026-03-31T14:00+02:00',
  '2026-04-01T01:30:00+0200',
  '2026-02-28T12:00:00',
  '2026-03-01T00:00:00.000Z',
];
export const unreadable = [
  'yesterday',
  '2026-02-30',
  '2026-13-01',
  '0000-01-01',
  '2026-03-31T24:00:00Z',
  '2026-03-31T12:60Z',
  '2026-03-31T12:00:60Z',
  '2026-03-31T12:00+15:00',
  '9999999999-01-01',
  '2026-03-31 12:00',
  'infinity',
  'now',
  '2026-03-31T12Z',
  '2026-03-31T12:00:00Z\n',
  '-2026-03-31',
  '2026-03-31Z',
  '2026-03-31+02:00',
  '9999-12-31T23:59:59.999999999-14:00',
  '0001-01-01T00:00+14:00',
];
const lists = fc.dictionary(
  fc.constantFrom(...names),
  fc.array(fc.constantFrom(...words, ...dates, ...unreadable), { maxLength: 3 }),
);
const channels = ['EMAIL', 'SMS', 'APNS'];
const models = ['iPhone', 'Pixel'];
export const subjects: fc.Arbitrary<Subject & { hasUser: boolean }> = fc.record({
  hasUser: fc.boolean(),
  channelType: fc.option(fc.constantFrom(...channels), { nil: null }),
  attributes: lists,
  userAttributes: lists,
  metrics: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(-1, 0, 0.1, 1, 1e21, 5e-324)),
  demographic: fc.dictionary(
    fc.constantFrom('Model', 'Platform', 'AppVersion', 'Make'),
    fc.constantFrom(...models),
  ),
  location: fc.record(
    {
      Country: fc.constantFrom('US', 'DE'),
      Latitude: fc.constantFrom(-90, 0, 47.6, 52.5, 90),
      Longitude: fc.constantFrom(-180, -122.3, 0, 13.4, 180),
    },
    { requiredKeys: [] },
  ),
  effectiveDate: fc
    .constantFrom(-40, -10, -3, -0.5)
    .map((days) => new Date(now.getTime() + days * 86_400_000)),
  events: fc.array(
    fc.record({
      type: fc.constantFrom(
        'feature_used',
        '_email.open',
        '_SMS.SUCCESS',
        '_journey.send',
        '_journey.opened_notification',
        '_session.start',
      ),
      at: fc.constantFrom(-20, -5, -0.1).map((days) => new Date(now.getTime() + days * 86_400_000)),
    }),
    { maxLength: 2 },
  ),
});
const moments = fc.constantFrom(...dates, '-P30D', '-P1D', 'P0D', '-P1M', '-PT12H', 'P1Y').map(momentOf);
const owner = fc.constantFrom('endpoint' as const, 'user' as const);
const name = fc.constantFrom(...names, 'Absent');
const leaf: fc.Arbitrary<Dimension> = fc.oneof(
  fc.record({
    kind: fc.constant('textAttribute' as const),
    owner,
    name,
    test: fc.constantFrom('INCLUSIVE' as const, 'EXCLUSIVE' as const, 'CONTAINS' as const),
    values: fc.array(fc.constantFrom(...words, 're', '2026'), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('dateAttribute' as const),
    owner,
    name,
    test: fc.constantFrom('BEFORE' as const, 'AFTER' as const, 'ON' as const, 'BETWEEN' as const),
    moments: fc.array(moments, { minLength: 2, maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('metric' as const),
    name,
    comparison: fc.constantFrom(
      'GREATER_THAN' as const,
      'GREATER_THAN_OR_EQUAL' as const,
      'LESS_THAN' as const,
      'LESS_THAN_OR_EQUAL' as const,
      'EQUAL' as const,
    ),
    value: fc.constantFrom(-1, -0, 0.1, 1, 1e21, 5e-324),
  }),
  fc.record({
    kind: fc.constant('field' as const),
    field: fc.constantFrom(
      'Channel' as const,
      'Country' as const,
      'Model' as const,
      'Make' as const,
      'Platform' as const,
      'AppVersion' as const,
      'DeviceType' as const,
    ),
    exclude: fc.boolean(),
    values: fc.array(fc.constantFrom(...channels, ...models, 'US', 'DE'), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('near' as const),
    latitude: fc.constantFrom(-90, 0, 47, 52),
    longitude: fc.constantFrom(-180, -122, 0, 13),
    kilometers: fc.constantFrom(100, 500, 8000, 30000),
  }),
  fc.record({
    kind: fc.constant('recency' as const),
    window: fc.constantFrom(...(Object.keys(recencyWindows) as (keyof typeof recencyWindows)[])),
    active: fc.boolean(),
  }),
);
export const { tree: trees } = fc.letrec<{ tree: SegmentTree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constant('all' as const), of: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('any' as const), of: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('none' as const), of: fc.array(tie('tree'), { maxLength: 3 }) }),
  ),
}));
