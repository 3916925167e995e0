import { beforeAll, expect, test } from 'vitest';
import { insertApp } from '../../src/db/apps.ts';
import { newTimeId } from '../../src/db/ids.ts';
import { purgeKeys } from '../../src/db/purgeKeys.ts';
import { useDatabase } from '../support/database.ts';

const now = new Date('2026-03-10T10:00:00Z');
const hour = 3_600_000;
const database = useDatabase();
beforeAll(async () => {
  await insertApp(database.db, { id: 'app', name: 'App', tags: {} }, now);
});

const ago = (hours: number) => new Date(now.getTime() - hours * hour);

test('keys of events are kept seven days and keys of requests one, in logical time', async () => {
  const { db } = database;
  const eventKey = { app_id: 'app', endpoint_id: 'e', type: 'type', occurred_at: 'then' };
  await db
    .insertInto('event_key')
    .values([
      { ...eventKey, event_id: 'past its time', received_at: ago(7 * 24 + 1) },
      { ...eventKey, event_id: 'kept', received_at: ago(7 * 24 - 1) },
    ])
    .execute();
  const requestKey = { app_id: 'app', owner: newTimeId(now) };
  await db
    .insertInto('request_key')
    .values([
      { ...requestKey, key: 'past its time', created_at: ago(25) },
      { ...requestKey, key: 'kept', created_at: ago(23) },
    ])
    .execute();

  expect(await purgeKeys(db, now)).toBe(2);
  expect(await purgeKeys(db, now)).toBe(0);
  expect(await db.selectFrom('event_key').select('event_id').execute()).toEqual([{ event_id: 'kept' }]);
  expect(await db.selectFrom('request_key').select('key').execute()).toEqual([{ key: 'kept' }]);
});
