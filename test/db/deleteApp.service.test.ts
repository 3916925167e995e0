import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { insertApp } from '../../src/db/apps.ts';
import { json } from '../../src/db/database.ts';
import { deleteApp } from '../../src/db/deleteApp.ts';
import { newTimeId } from '../../src/db/ids.ts';
import { enqueue } from '../../src/db/outbox/outbox.ts';
import { useDatabase } from '../support/database.ts';

const now = new Date('2026-11-23T00:00:00Z');
const database = useDatabase();

/** An app with a row in the tables that no foreign key empties, and one open and one closed entry. */
async function fill(appId: string): Promise<{ open: string }> {
  const { db } = database;
  const at = { created_at: now, modified_at: now };
  await insertApp(db, { id: appId, name: 'App', tags: {} }, now);
  await db.insertInto('dirty_endpoint').values({ app_id: appId, endpoint_id: 'e' }).execute();
  await db
    .insertInto('journey')
    .values({ app_id: appId, id: 'j', name: 'J', state: 'ACTIVE', document: '{}', published_at: now, ...at })
    .execute();
  const [open = '', closed = ''] = [newTimeId(now), newTimeId(now)];
  await db
    .insertInto('journey_entry')
    .values(
      [open, closed].map((id) => ({
        app_id: appId,
        id,
        journey_id: 'j',
        endpoint_id: 'e',
        participant: `e:${id}`,
        cause: 'match:1',
        entered_at: now,
        ended_at: id === closed ? now : null,
      })),
    )
    .execute();
  await db
    .insertInto('event')
    .values({
      app_id: appId,
      id: newTimeId(now),
      endpoint_id: 'e',
      participant: 'e:e',
      type: 'opened',
      occurred_at: now,
      received_at: now,
      details: json({}),
    })
    .execute();
  await enqueue(db, [{ kind: 'wake', appId, entryId: open, workflowId: 'w', notBefore: now }], now);
  return { open };
}

/** Tables that still hold a row of the app. */
async function tablesHolding(appId: string): Promise<string[]> {
  const tables = await sql<{ name: string }>`
    select c.table_name as name from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.column_name = 'app_id' and c.table_schema = 'public' and t.table_type = 'BASE TABLE'`.execute(
    database.db,
  );
  const holding: string[] = [];
  for (const { name } of tables.rows) {
    const found = await sql`select 1 from ${sql.table(name)} where app_id = ${appId} limit 1`.execute(
      database.db,
    );
    if (found.rows.length > 0) holding.push(name);
  }
  return holding.sort();
}

it('erases every row of the app and asks for its running executions to be deleted, and touches no other app', async () => {
  const { open } = await fill('doomed');
  await fill('kept');
  const before = await tablesHolding('kept');
  const deleted = await database.db.transaction().execute((tx) => deleteApp(tx, 'doomed', now));
  expect(deleted?.id).toBe('doomed');
  expect(await tablesHolding('doomed')).toEqual(['outbox']);
  const rows = await database.db.selectFrom('outbox').selectAll().where('app_id', '=', 'doomed').execute();
  expect(rows.map(({ kind, lane, workflow_id }) => ({ kind, lane, workflow_id }))).toEqual([
    { kind: 'delete', lane: 2, workflow_id: `journey/j/e/${open}` },
    { kind: 'delete', lane: 2, workflow_id: 'journey-life/j' },
  ]);
  expect(await tablesHolding('kept')).toEqual(before);
});

it('refuses an app that is not there', async () => {
  const deleting = database.db.transaction().execute((tx) => deleteApp(tx, 'never', now));
  await expect(deleting).rejects.toMatchObject({ code: 'NotFound' });
});
