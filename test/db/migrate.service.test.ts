import { expect, it } from 'vitest';
import { insertApp } from '../../src/db/apps.ts';
import { openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

it('finds nothing left to do on a migrated database', async () => {
  expect(await migrate(database.db)).toEqual([]);
});

it('says that nobody answers, and does not blame a migration', async () => {
  const nowhere = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
  await expect(migrate(nowhere)).rejects.toMatchObject({
    code: 'Unavailable',
    message: 'Postgres cannot be reached. Check DATABASE_URL.',
  });
  await nowhere.destroy();
});

it('takes an app and gives it back with its defaults', async () => {
  const now = new Date('2026-11-23T00:00:00Z');
  await insertApp(database.db, { id: 'a', name: 'App', tags: {} }, now);
  expect(await database.db.selectFrom('app').selectAll().executeTakeFirstOrThrow()).toMatchObject({
    id: 'a',
    tags: {},
    created_at: now,
  });
});
