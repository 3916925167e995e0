import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { describe, expect, test } from 'vitest';
import { segmentPredicate } from '../../../src/db/segments/segmentSql.ts';
import type { Tables } from '../../../src/db/tables.ts';
import type { SegmentDimensions } from '../../../src/domain/segment/document.ts';
import { dimensionsTree, everyone, nobody, type SegmentTree } from '../../../src/domain/segment/tree.ts';

const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
const now = new Date('2026-03-31T12:00:00.000Z');

function compile(tree: SegmentTree): [string, readonly unknown[]] {
  const { sql, parameters } = db
    .selectFrom('endpoint')
    .select('id')
    .where(segmentPredicate(tree, { appId: 'app', now }))
    .compile();
  return [sql.replace('select "id" from "endpoint" where ', ''), parameters];
}

const ofUser =
  'coalesce((select person.attributes from app_user as person where person.app_id = $1 and person.id = endpoint.user_id), endpoint.unclaimed_attributes)';
const activity =
  'coalesce((select true from event as heard where heard.app_id = $2 and heard.endpoint_id = endpoint.id and heard.received_at > $3::timestamptz and heard.type !~ $4 limit 1), false)';
const feedback = '^_(email[.]|SMS[.]|campaign[.]send$|journey[.]send$)';
const weekAgo = new Date('2026-03-24T12:00:00.000Z');

const table: readonly [string, SegmentDimensions, string, readonly unknown[]][] = [
  [
    'an attribute among values',
    { Attributes: { Plan: { Values: ['a', 'b'] } } },
    '(coalesce(endpoint.attributes -> $1::text ?| $2::text[], false))',
    ['Plan', ['a', 'b']],
  ],
  [
    'an attribute not among values, or absent',
    { Attributes: { Plan: { AttributeType: 'EXCLUSIVE', Values: ['a'] } } },
    '(not coalesce(endpoint.attributes -> $1::text ?| $2::text[], false))',
    ['Plan', ['a']],
  ],
  [
    "a user's attribute, through the user, or the endpoint's own that nobody claimed",
    { UserAttributes: { Plan: { Values: ['premium'] } } },
    `(coalesce(${ofUser} -> $2::text ?| $3::text[], false))`,
    ['app', 'Plan', ['premium']],
  ],
  [
    'a part of an attribute',
    { Attributes: { Mail: { AttributeType: 'CONTAINS', Values: ['@x'] } } },
    '(exists (select from jsonb_array_elements_text(endpoint.attributes -> $1::text) as one(value), unnest($2::text[]) as part(value) where strpos(one.value, part.value) > 0))',
    ['Mail', ['@x']],
  ],
  [
    'a date after thirty days ago',
    { UserAttributes: { SignupDate: { AttributeType: 'AFTER', Values: ['-P30D'] } } },
    `(exists (select from jsonb_array_elements_text(${ofUser} -> $2::text) as one(value), instant_of(one.value) as at(instant) where at.instant >= $3::timestamptz))`,
    ['app', 'SignupDate', new Date('2026-03-01T12:00:00.001Z')],
  ],
  [
    'a date between two days, the last one whole',
    { Attributes: { Seen: { AttributeType: 'BETWEEN', Values: ['2026-01-01', '2026-01-31'] } } },
    '(exists (select from jsonb_array_elements_text(endpoint.attributes -> $1::text) as one(value), instant_of(one.value) as at(instant) where (at.instant >= $2::timestamptz and at.instant < $3::timestamptz)))',
    ['Seen', new Date('2026-01-01T00:00:00Z'), new Date('2026-02-01T00:00:00Z')],
  ],
  [
    'a date before one of two',
    { Attributes: { Seen: { AttributeType: 'BEFORE', Values: ['2026-01-01', '2026-02-01'] } } },
    '(exists (select from jsonb_array_elements_text(endpoint.attributes -> $1::text) as one(value), instant_of(one.value) as at(instant) where at.instant < $2::timestamptz or at.instant < $3::timestamptz))',
    ['Seen', new Date('2026-01-01T00:00:00Z'), new Date('2026-02-01T00:00:00Z')],
  ],
  [
    'a metric',
    { Metrics: { Visits: { ComparisonOperator: 'LESS_THAN_OR_EQUAL', Value: 2.5 } } },
    '(coalesce((endpoint.metrics -> $1::text)::double precision <= $2::double precision, false))',
    ['Visits', 2.5],
  ],
  [
    'a demographic field and a country that is not',
    {
      Demographic: { Channel: { Values: ['EMAIL'] } },
      Location: { Country: { DimensionType: 'EXCLUSIVE', Values: ['US'] } },
    },
    "(coalesce(endpoint.channel_type = any($1::text[]), false) and not coalesce(endpoint.location ->> 'Country' = any($2::text[]), false))",
    [['EMAIL'], ['US']],
  ],
  [
    'a device type, in platform or model',
    { Demographic: { DeviceType: { Values: ['iPhone'] } } },
    "((coalesce(endpoint.demographic ->> 'Platform' = any($1::text[]), false) or coalesce(endpoint.demographic ->> 'Model' = any($2::text[]), false)))",
    [['iPhone'], ['iPhone']],
  ],
  [
    'a point nearby',
    { Location: { GPSPoint: { Coordinates: { Latitude: 47, Longitude: 8 }, RangeInKilometers: 10 } } },
    "((endpoint.location ?& array['Latitude', 'Longitude'] and 2 * 6371 * asin(least(1, sqrt(sin(radians((endpoint.location -> 'Latitude')::double precision - $1::double precision) / 2) ^ 2 + cos(radians((endpoint.location -> 'Latitude')::double precision)) * cos(radians($2::double precision)) * sin(radians((endpoint.location -> 'Longitude')::double precision - $3::double precision) / 2) ^ 2))) <= $4::double precision))",
    [47, 47, 8, 10],
  ],
  [
    'no activity for a week',
    { Behavior: { Recency: { Duration: 'DAY_7', RecencyType: 'INACTIVE' } } },
    `(not (endpoint.effective_date > $1::timestamptz or ${activity}))`,
    [weekAgo, 'app', weekAgo, feedback],
  ],
];

describe('the SQL of', () => {
  test.each(table)('%s', (_name, dimensions, text, values) => {
    expect(compile(dimensionsTree(dimensions))).toEqual([text, values]);
  });

  test('all, any and none, empty ones too', () => {
    const a = dimensionsTree({ Attributes: { A: { Values: ['x'] } } });
    const leaf = (n: number): string =>
      `(coalesce(endpoint.attributes -> $${n}::text ?| $${n + 1}::text[], false))`;
    expect(compile({ kind: 'any', of: [a, { kind: 'none', of: [a, everyone] }] })[0]).toBe(
      `(${leaf(1)} or not (${leaf(3)} or true))`,
    );
    expect(compile(nobody)[0]).toBe('false');
    expect(compile({ kind: 'none', of: [] })[0]).toBe('not false');
  });
});
