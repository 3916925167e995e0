import { type RawBuilder, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newTimeId } from '../../src/db/ids.ts';
import { createPartitions } from '../../src/db/partitions.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await cloneDatabase();
});
afterEach(() => database.drop());

/** Far from the months that the tests' database has from its making. */
const february = new Date('2031-02-10T10:00:00Z');

const putEvent = (at: Date) =>
  database.db
    .insertInto('event')
    .values({
      app_id: 'app',
      id: newTimeId(at),
      endpoint_id: 'e',
      participant: 'e:e',
      type: 'type',
      event_id: null,
      occurred_at: at,
      received_at: at,
      message_owner: null,
      message_seq: null,
    })
    .execute();

const putAttempt = (at: Date) =>
  database.db
    .insertInto('message_attempt')
    .values({ app_id: 'app', owner: newTimeId(at), seq: 1, attempt: 1, claimed_at: at })
    .execute();

async function partitionsOf(table: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await sql<{
    name: string;
  }>`select distinct tableoid::regclass::text as name from ${table}`.execute(database.db);
  return rows.map(({ name }) => name);
}
const events = sql.table('event');
const attempts = sql.table('message_attempt');

test('each month has its partitions before its first row can come, across the end of a year', async () => {
  const made = await createPartitions(database.db, new Date('2031-11-30T23:59:59.999Z'));
  expect(made).toEqual(
    ['2031_11', '2031_12', '2032_01'].flatMap((month) => [
      `event_${month}`,
      `message_${month}`,
      `message_attempt_${month}`,
    ]),
  );
  expect(await createPartitions(database.db, new Date('2031-11-30T23:59:59.999Z'))).toEqual([]);
  expect(await createPartitions(database.db, new Date('2031-12-01T00:00:00Z'))).toEqual([
    'event_2032_02',
    'message_2032_02',
    'message_attempt_2032_02',
  ]);
});

test('the first and the last millisecond of a month are in it, by the time in an id too', async () => {
  await createPartitions(database.db, february, 1);
  for (const at of ['2031-02-01T00:00:00.000Z', '2031-02-28T23:59:59.999Z']) {
    await putEvent(new Date(at));
    await putAttempt(new Date(at));
  }
  expect(await partitionsOf(events)).toEqual(['event_2031_02']);
  expect(await partitionsOf(attempts)).toEqual(['message_attempt_2031_02']);
});

test('a time that no month was made for is taken by the default partition, and its month stays there', async () => {
  await putEvent(february);
  await putAttempt(february);
  expect(await partitionsOf(events)).toEqual(['event_default']);
  expect(await createPartitions(database.db, february, 2)).toEqual([
    'message_2031_02',
    'event_2031_03',
    'message_2031_03',
    'message_attempt_2031_03',
  ]);
  expect(await partitionsOf(attempts)).toEqual(['message_attempt_default']);
});

test('workers that make them at once make each once', async () => {
  const made = await Promise.all(Array.from({ length: 4 }, () => createPartitions(database.db, february)));
  expect(made.flat().sort()).toEqual([...new Set(made.flat())].sort());
  expect(made.flat()).toHaveLength(9);
});
