import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { insertApp } from '../../src/db/apps.ts';
import { openDatabase, type Tx } from '../../src/db/database.ts';
import { newTimeId } from '../../src/db/ids.ts';
import { endEntry, lockOpenEntry } from '../../src/db/journeys/entries.ts';
import { holdJourneys } from '../../src/db/journeys/journeyLocks.ts';
import { useDatabase } from '../support/database.ts';

const appId = 'app';
const now = new Date('2026-03-02T10:00:00Z');
let entryId: string;
const database = useDatabase();
beforeAll(async () => {
  const { db } = database;
  await insertApp(db, { id: appId, name: 'App', tags: {} }, now);
  await db
    .insertInto('journey')
    .values({
      app_id: appId,
      id: 'j',
      name: 'J',
      state: 'ACTIVE',
      document: '{}',
      created_at: now,
      modified_at: now,
    })
    .execute();
  await sql`insert into app_user (app_id, id, updated_at) values (${appId}, 'ann', ${now})`.execute(db);
});
beforeEach(async () => {
  await database.db.deleteFrom('journey_entry').execute();
  entryId = newTimeId(now);
  await database.db
    .insertInto('journey_entry')
    .values({
      app_id: appId,
      id: entryId,
      journey_id: 'j',
      endpoint_id: 'e',
      participant: 'u:ann',
      cause: 'match:1',
      entered_at: now,
    })
    .execute();
});

const writesToPerson = (tx: Tx) =>
  sql`update app_user set attributes = '{"a": ["b"]}' where id = 'ann'`.execute(tx);

it('waits for who writes to the person, and finds the entry as that one left it', async () => {
  const found = await besides(writesToPerson, async (tx) => {
    await tx.updateTable('journey_entry').set({ position: 'Moved' }).execute();
  });
  expect(found).toMatchObject({ id: entryId, position: 'Moved' });
});

it('finds none that was ended while it waited for the person', async () => {
  const found = await besides(writesToPerson, async (tx) => {
    const entry = await tx.selectFrom('journey_entry').selectAll().executeTakeFirstOrThrow();
    await endEntry(tx, entry, null, 'CANCELLED', now);
  });
  expect(found).toBeUndefined();
});

it('finds none that was deleted while it waited for the person', async () => {
  const found = await besides(writesToPerson, async (tx) => {
    await tx.deleteFrom('journey_entry').execute();
  });
  expect(found).toBeUndefined();
});

it('waits for who changes the state of the journey', async () => {
  const found = await besides(
    (tx) => holdJourneys(tx, appId, ['j']),
    async () => {},
  );
  expect(found?.id).toBe(entryId);
});

/** What locking answers that began while another transaction held something, and which `then` went on and committed. */
async function besides(holds: (tx: Tx) => Promise<unknown>, then: (tx: Tx) => Promise<void>) {
  const other = openDatabase(database.url);
  try {
    const locked = database.db.transaction().execute(async (tx) => {
      await holds(tx);
      const finding = other.transaction().execute((own) => lockOpenEntry(own, appId, entryId));
      while (!(await isAnybodyWaiting())) await pause(2);
      await then(tx);
      return { finding };
    });
    return await (await locked).finding;
  } finally {
    await other.destroy();
  }
}

/** Asked outside of the transactions: within one, the first answer stays. */
async function isAnybodyWaiting(): Promise<boolean> {
  const { rows } = await sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
    database.db,
  );
  return rows.length > 0;
}
