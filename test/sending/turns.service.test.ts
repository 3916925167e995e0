import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTurns } from '../../src/sending/turns.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

const now = new Date('2026-07-01T12:00:00.700Z');
const second = (after: number) => new Date(Date.parse('2026-07-01T12:00:00Z') + after * 1000);

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
  const [created_at, modified_at] = [now, now];
  await database.db.insertInto('app').values({ id: 'app', name: 'App', created_at, modified_at }).execute();
  await database.db
    .insertInto('journey')
    .values(
      ['few', 'shared', 'sliced', 'late'].map((id) => ({
        ...{ app_id: 'app', id, name: id, state: 'ACTIVE', document: '{}' },
        ...{ created_at, modified_at },
      })),
    )
    .execute();
});
afterAll(() => database.drop());

it('gives as many turns to a second as the rate says, the present second first', async () => {
  const turns = createTurns(database.db);
  const taken = await turns.take({ appId: 'app', journeyId: 'few', perSecond: 3 }, 7, now);
  expect(taken).toEqual([0, 0, 0, 1, 1, 1, 2].map(second));
});

it('gives no second more turns than the rate, whichever workers ask at the same moment', async () => {
  const workers = Array.from({ length: 4 }, () => createTurns(database.db));
  const paced = { appId: 'app', journeyId: 'shared', perSecond: 50 };
  const taken = await Promise.all(
    Array.from({ length: 200 }, (_, index) => workers[index % 4]?.take(paced, 1, now) ?? []),
  );
  const counts = Map.groupBy(taken.flat(), (turn) => turn.getTime());
  expect([...counts.values()].map((turns) => turns.length).every((count) => count <= 50)).toBe(true);
  expect(taken.flat()).toHaveLength(200);
  expect(Math.max(...counts.keys())).toBeLessThanOrEqual(second(4).getTime());
});

it('takes turns from Postgres in slices, and gives up what is left of a slice when its second is over', async () => {
  const turns = createTurns(database.db);
  const paced = { appId: 'app', journeyId: 'sliced', perSecond: 100 };
  await turns.take(paced, 1, now);
  const first = await nextTurn('sliced');
  await turns.take(paced, 4, now);
  expect(await nextTurn('sliced')).toBe(first);
  await turns.take(paced, 1, now);
  expect(await nextTurn('sliced')).toBe(first + 5);
  const later = new Date(now.getTime() + 5000);
  expect(await turns.take(paced, 1, later)).toEqual([second(5)]);
});

it('starts anew after a silence: turns that nobody took are gone', async () => {
  const turns = createTurns(database.db);
  const paced = { appId: 'app', journeyId: 'late', perSecond: 1 };
  expect(await turns.take(paced, 2, now)).toEqual([second(0), second(1)]);
  const later = new Date(now.getTime() + 60_000);
  expect(await turns.take(paced, 2, later)).toEqual([second(60), second(61)]);
});

async function nextTurn(journeyId: string): Promise<number> {
  const row = await database.db
    .selectFrom('journey_pace')
    .select('next_turn')
    .where('journey_id', '=', journeyId)
    .executeTakeFirstOrThrow();
  return Number(row.next_turn);
}
