import fc from 'fast-check';
import { type SqlBool, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSegment } from '../../src/contract/segment.ts';
import { json } from '../../src/db/database.ts';
import { newTimeId } from '../../src/db/ids.ts';
import { segmentPredicate } from '../../src/db/segmentSql.ts';
import { recencyWindows } from '../../src/domain/segment/document.ts';
import { momentOf } from '../../src/domain/segment/moment.ts';
import type { Dimension, SegmentTree } from '../../src/domain/segment/tree.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { evaluate, readInstant, type Subject } from './segmentOracle.ts';

const now = new Date('2026-03-31T12:00:00.000Z');
const appId = 'a'.repeat(32);
let database: TestDatabase;

beforeAll(async () => {
  database = await cloneDatabase();
  await database.db
    .insertInto('app')
    .values({ id: appId, name: 'A', upstream_app_id: null, created_at: now, modified_at: now })
    .execute();
});
afterAll(() => database.drop());

const names = ['Plan', 'Signup'];
const words = ['premium', 'free', 'Free', '', "it's", 'ü日本'];
const dates = [
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
const unreadable = [
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

const subjects: fc.Arbitrary<Subject & { hasUser: boolean }> = fc.record({
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
const { tree: trees } = fc.letrec<{ tree: SegmentTree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constant('all' as const), of: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('any' as const), of: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('none' as const), of: fc.array(tie('tree'), { maxLength: 3 }) }),
  ),
}));

async function store(people: readonly (Subject & { hasUser: boolean })[]): Promise<void> {
  const { db } = database;
  for (const table of ['endpoint', 'app_user', 'event'] as const) await db.deleteFrom(table).execute();
  await db
    .insertInto('app_user')
    .values(
      people.map((person, i) => ({
        app_id: appId,
        id: `u${i}`,
        attributes: json(person.userAttributes),
        updated_at: now,
      })),
    )
    .execute();
  await db
    .insertInto('endpoint')
    .values(
      people.map((person, i) => ({
        app_id: appId,
        id: `e${i}`,
        user_id: person.hasUser ? `u${i}` : null,
        unclaimed_attributes: json(person.hasUser ? {} : person.userAttributes),
        channel_type: person.channelType,
        address: null,
        status: 'ACTIVE',
        opt_out: 'NONE',
        attributes: json(person.attributes),
        metrics: json(person.metrics),
        demographic: json(person.demographic),
        location: json(person.location),
        request_id: null,
        cohort: 0,
        effective_date: person.effectiveDate,
        created_at: now,
        updated_at: now,
      })),
    )
    .execute();
  const events = people.flatMap((person, i) =>
    person.events.map((event) => ({
      app_id: appId,
      id: newTimeId(event.at),
      endpoint_id: `e${i}`,
      participant: `e:e${i}`,
      type: event.type,
      event_id: null,
      occurred_at: event.at,
      received_at: event.at,
      message_owner: null,
      message_seq: null,
    })),
  );
  if (events.length > 0) await db.insertInto('event').values(events).execute();
}

async function matching(tree: SegmentTree): Promise<string[]> {
  const rows = await database.db
    .selectFrom('endpoint')
    .select('id')
    .where('app_id', '=', appId)
    .where(segmentPredicate(tree, { appId, now }))
    .execute();
  return rows.map((row) => row.id).sort();
}

describe('a segment asked in Postgres', () => {
  test('answers what the plain evaluator answers, for any tree and any endpoints', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(subjects, { minLength: 12, maxLength: 12 }),
        fc.array(trees, { minLength: 20, maxLength: 20 }),
        async (people, asked) => {
          await store(people);
          for (const tree of asked) {
            const expected = people.flatMap((person, i) => (evaluate(tree, person, now) ? [`e${i}`] : []));
            expect(await matching(tree)).toEqual(expected.sort());
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('reads the dates in attributes as the plain reader does, and anything else as no date', async () => {
    const texts = [...dates, ...unreadable, ...words];
    await fc.assert(
      fc.asyncProperty(
        fc
          .oneof(
            fc.constantFrom(...texts),
            fc.string(),
            fc.stringMatching(/^\d{4}-[01]\d-[0-3]\d(T\d\d:\d\d(:\d\d)?)?(Z|[+-][01]\d:\d\d)?$/),
          )
          .filter((text) => !text.includes('\0') && text.isWellFormed()),
        async (text) => {
          const result = await sql<{ at: Date | null }>`select instant_of(${text}) as at`.execute(
            database.db,
          );
          expect(result.rows[0]?.at?.getTime() ?? Number.NaN).toBe(readInstant(text));
        },
      ),
      { numRuns: 1000, examples: texts.map((text): [string] => [text]) },
    );
  });

  test('is true or false for every endpoint, so that its negation is the rest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(subjects, { minLength: 5, maxLength: 5 }), trees, async (people, tree) => {
        await store(people);
        const unknown = await database.db
          .selectFrom('endpoint')
          .select('id')
          .where(sql<SqlBool>`(${segmentPredicate(tree, { appId, now })}) is null`)
          .execute();
        expect(unknown).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('with a list of ids is an index scan, however large the app', async () => {
    const { db } = database;
    await db.deleteFrom('endpoint').execute();
    await sql`insert into app_user (app_id, id, attributes, updated_at)
      select ${appId}, 'p' || n, '{"Plan":["premium"]}', ${now} from generate_series(1, 20000) n`.execute(db);
    await sql`insert into endpoint (app_id, id, user_id, channel_type, address, status, opt_out, cohort, effective_date, created_at, updated_at)
      select ${appId}, 'p' || n, 'p' || n, 'EMAIL', n || '@example.com', 'ACTIVE', 'NONE', 0, ${now}, ${now}, ${now} from generate_series(1, 20000) n`.execute(
      db,
    );
    await sql`analyze endpoint, app_user`.execute(db);
    const tree = parseSegment({
      Dimensions: {
        UserAttributes: { Plan: { Values: ['premium'] } },
        Attributes: { Since: { AttributeType: 'AFTER', Values: ['-P30D'] } },
        Behavior: { Recency: { Duration: 'DAY_7', RecencyType: 'INACTIVE' } },
      },
    }) as SegmentTree;
    const query = db
      .selectFrom('endpoint')
      .select('id')
      .where('app_id', '=', appId)
      .where(sql<SqlBool>`endpoint.id = any(${['p1', 'p2', 'p19999']}::text[])`)
      .where(segmentPredicate(tree, { appId, now }));
    const plan = (await query.explain('text'))
      .map((row: Record<string, string>) => row['QUERY PLAN'])
      .join('\n');
    expect(plan).toMatch(/Index( Only)? Scan using endpoint_pkey on endpoint/);
    expect(plan).toMatch(/Index( Only)? Scan using app_user_pkey on app_user person/);
    expect(plan).not.toMatch(/Seq Scan on (endpoint|app_user)/);
  });
});
