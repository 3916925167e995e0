import { afterAll, beforeAll, expect, test } from 'vitest';
import { newTimeId } from '../../src/db/ids.ts';
import { ownerOfRequest } from '../../src/db/requestKeys.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

const now = new Date('2026-03-01T10:00:00Z');
const hour = 60 * 60 * 1000;
let database: TestDatabase;

beforeAll(async () => {
  database = await cloneDatabase();
  const dates = { created_at: now, modified_at: now };
  await database.db
    .insertInto('app')
    .values({ id: 'app', name: 'App', ...dates })
    .execute();
});
afterAll(() => database.drop());

const ask = (key: string, at = now) => ownerOfRequest(database.db, 'app', key, newTimeId(at), at);

test('tries of one request share an owner, however they race; another request has its own', async () => {
  const owners = await Promise.all(Array.from({ length: 8 }, () => ask('one')));
  expect(new Set(owners).size).toBe(1);
  expect(await ask('two')).not.toBe(owners[0]);
});

test('a request that is repeated within a day has the owner it had', async () => {
  const first = await ask('old');
  expect(await ask('old', new Date(now.getTime() + 23 * hour))).toBe(first);
});
