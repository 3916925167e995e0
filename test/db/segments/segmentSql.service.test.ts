import fc from 'fast-check';
import { type SqlBool, sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseSegment } from '../../../src/contract/segment.ts';
import { insertApp } from '../../../src/db/apps.ts';
import { json } from '../../../src/db/database.ts';
import { newTimeId } from '../../../src/db/ids.ts';
import { segmentPredicate } from '../../../src/db/segments/segmentSql.ts';
import type { SegmentTree } from '../../../src/domain/segment/tree.ts';
import { useDatabase } from '../../support/database.ts';
import { dates, now, subjects, trees, unreadable, words } from '../segmentArbitraries.ts';
import { evaluate, readInstant, type Subject } from '../segmentOracle.ts';

const appId = 'a'.repeat(32);

const database = useDatabase();

beforeAll(async () => {
  await insertApp(database.db, { id: appId, name: 'A', tags: {} }, now);
});

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
