import { sql } from 'kysely';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { parseJourney } from '../../../src/contract/journey/journey.ts';
import { parseSegmentDocument } from '../../../src/contract/segment.ts';
import { json } from '../../../src/db/database.ts';
import { currentRun, insertRun } from '../../../src/db/journeys/journeyRuns.ts';
import { markDirty } from '../../../src/db/people/endpoints.ts';
import { countMatching, loadSegmentTree } from '../../../src/db/segments/segments.ts';
import { insertSegment } from '../../../src/db/segments/segmentVersions.ts';
import { enterPage } from '../../../src/ingest/entering/enterPage.ts';
import { drainDirtyEndpoints } from '../../../src/ingest/entering/journeyMembership.ts';
import { useDatabase } from '../../support/database.ts';
import { testDeps } from '../../support/deps.ts';
import { tutorial } from '../../support/tutorial.ts';

const now = new Date('2026-03-01T10:00:00Z');
const appId = 'app';
const database = useDatabase();

/** An app with one live journey for the endpoints whose Plan is premium. */
beforeEach(async () => {
  const { db } = database;
  await db.deleteFrom('app').execute();
  await db.deleteFrom('dirty_endpoint').execute();
  await db.deleteFrom('event_watch').execute();
  const dates = { created_at: now, modified_at: now };
  await db
    .insertInto('app')
    .values({ id: appId, name: 'App', ...dates })
    .execute();
  const document = parseSegmentDocument({ Dimensions: { Attributes: { Plan: { Values: ['premium'] } } } });
  const segment = { id: 'premium', name: 'Premium', document, tags: {} };
  await db.transaction().execute((tx) => insertSegment(tx, appId, segment, now));
  const journey = parseJourney({
    ...tutorial('06-create-journey-canonical'),
    StartCondition: { SegmentStartCondition: { SegmentId: 'premium' } },
  });
  await db
    .insertInto('journey')
    .values({
      app_id: appId,
      id: 'journey',
      name: 'Journey',
      state: 'ACTIVE',
      document: json(journey.document),
      segment_id: 'premium',
      ...dates,
    })
    .execute();
});

const deps = () => testDeps(database.db, { clock: { now: async () => now } });

/** Endpoints e00001 to e`to`; those from `premiumFrom` on are premium. */
async function addEndpoints(to: number, premiumFrom: number): Promise<void> {
  await sql`insert into endpoint (app_id, id, user_id, channel_type, address, status, opt_out, attributes, cohort, effective_date, created_at, updated_at)
    select ${appId}, 'e' || lpad(n::text, 5, '0'), 'u' || n, 'EMAIL', n || '@example.com', 'ACTIVE', 'NONE',
      case when n >= ${premiumFrom}::int then '{"Plan": ["premium"]}'::jsonb else '{}' end, 0, ${now}, ${now}, ${now}
    from generate_series(1, ${to}::int) n`.execute(database.db);
}

/** Which version of a row of the table the members are: it changes with every write and every lock. */
async function rowVersions(): Promise<unknown[]> {
  const rows =
    await sql`select participant, ctid::text, xmin::text, xmax::text from journey_member order by participant`.execute(
      database.db,
    );
  return rows.rows;
}

test('somebody who stands as before costs no write, and one who stands otherwise does', async () => {
  await addEndpoints(3, 1);
  await markDirty(database.db, appId, ['e00001', 'e00002'], []);
  await drainDirtyEndpoints(deps());
  const before = await rowVersions();
  expect(before).toHaveLength(2);

  await markDirty(database.db, appId, ['e00001', 'e00002', 'e00003'], []);
  await drainDirtyEndpoints(deps());
  const after = await rowVersions();
  expect(after.slice(0, 2)).toEqual(before);
  expect(after).toHaveLength(3);

  await database.db.updateTable('endpoint').set({ attributes: '{}' }).where('id', '=', 'e00001').execute();
  await markDirty(database.db, appId, ['e00001', 'e00002'], []);
  await drainDirtyEndpoints(deps());
  const last = await rowVersions();
  expect(last[0]).not.toEqual(before[0]);
  expect(last[1]).toEqual(before[1]);
});

test("a written endpoint has its user's other endpoints asked too", async () => {
  await addEndpoints(2, 2);
  await database.db.updateTable('endpoint').set({ user_id: 'both' }).execute();
  await markDirty(database.db, appId, ['e00001'], []);
  await drainDirtyEndpoints(deps());
  const entries = await database.db
    .selectFrom('journey_entry')
    .select(['participant', 'endpoint_id'])
    .execute();
  expect(entries).toEqual([{ participant: 'u:both', endpoint_id: 'e00002' }]);
});

test('a segment is paged to its end across ten thousand endpoints of which none matches', async () => {
  await addEndpoints(10_250, 10_001);
  const key = { appId, journeyId: 'journey' };
  const run = { ...key, no: 0, pass: 0, segmentVersion: 1, startedAt: now };
  await database.db.transaction().execute((tx) => insertRun(tx, run, now));
  const pages = [];
  for (let entered: number | null = 0; entered !== null; ) {
    entered = await enterPage(deps(), key);
    pages.push({ entered, position: (await currentRun(database.db, key))?.position });
  }
  expect(pages).toEqual([
    { entered: 0, position: 'e10000' },
    { entered: 200, position: 'e10200' },
    { entered: 50, position: 'e10200' },
    { entered: null, position: 'e10200' },
  ]);
  const segment = await loadSegmentTree(database.db, appId, 'premium');
  const counted = segment && (await countMatching(database.db, appId, segment.tree, now));
  expect(counted, 'to publish takes no longer').toEqual({ count: 0, isAll: false });
});

/** Whether e00001, who is in nobody's company, is noted as matching. */
async function isNoted(): Promise<boolean | undefined> {
  const member = await database.db
    .selectFrom('journey_member')
    .select('matching')
    .where('participant', '=', 'u:u1')
    .executeTakeFirst();
  return member?.matching;
}

async function write(attributes: object): Promise<void> {
  await database.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('endpoint')
      .set({ attributes: json(attributes) })
      .where('id', '=', 'e00001')
      .execute();
    await markDirty(tx, appId, ['e00001'], []);
  });
}

async function drainAll(): Promise<void> {
  for (let taken = 1; taken > 0; ) taken = await drainDirtyEndpoints(deps());
}

/** Runs `meanwhile` once `first` has read how people stand and is about to write it. */
async function between(first: () => Promise<unknown>, meanwhile: () => Promise<unknown>): Promise<void> {
  const { db } = database;
  let running: Promise<unknown> | undefined;
  await db.transaction().execute(async (tx) => {
    await sql`lock table journey_member in share mode`.execute(tx);
    running = first();
    await vi.waitUntil(
      async () => {
        const waiting =
          await sql`select from pg_locks where relation = 'journey_member'::regclass and not granted`.execute(
            db,
          );
        return waiting.rows.length > 0;
      },
      { interval: 5 },
    );
    await meanwhile();
  });
  await running;
}

describe('of two who judge the same person at once, what was written last holds', () => {
  const premium = { Plan: ['premium'] };

  test.each([
    { was: {}, first: premium, last: {}, isMember: false },
    { was: premium, first: {}, last: premium, isMember: true },
  ])('two batches of writes, $was to $first to $last', async ({ was, first, last, isMember }) => {
    await addEndpoints(1, 2);
    await write(was);
    await drainAll();
    await write(first);
    await between(drainAll, async () => {
      await write(last);
      await drainAll();
    });
    await drainAll();
    expect(await isNoted()).toBe(isMember);
  });

  test('a page of the whole segment, and a batch of writes', async () => {
    await addEndpoints(1, 1);
    const key = { appId, journeyId: 'journey' };
    const run = { ...key, no: 0, pass: 0, segmentVersion: 1, startedAt: now };
    await database.db.transaction().execute((tx) => insertRun(tx, run, now));
    await between(
      () => enterPage(deps(), key),
      async () => {
        await write({});
        await drainAll();
      },
    );
    await drainAll();
    expect(await isNoted()).toBe(false);
  });
});

test('a pass notes who has ceased to match though nothing was written: a later match is a new one', async () => {
  await addEndpoints(2, 1);
  await markDirty(database.db, appId, ['e00001', 'e00002'], []);
  await drainAll();
  const { db } = database;
  await db.updateTable('endpoint').set({ attributes: '{}' }).where('id', '=', 'e00001').execute();
  const key = { appId, journeyId: 'journey' };
  const run = { ...key, no: 0, pass: 0, segmentVersion: 1, startedAt: now };
  await db.transaction().execute((tx) => insertRun(tx, run, now));
  await enterPage(deps(), key);
  expect(await isNoted()).toBe(false);
  await write({ Plan: ['premium'] });
  await drainAll();
  const members = await db
    .selectFrom('journey_member')
    .select(['participant', 'match_no'])
    .orderBy('participant')
    .execute();
  expect(members).toEqual([
    { participant: 'u:u1', match_no: 2 },
    { participant: 'u:u2', match_no: 1 },
  ]);
});
