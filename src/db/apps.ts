import type { Selectable, Updateable } from 'kysely';
import type { AppSettings } from '../domain/appSettings.ts';
import { notFound } from '../domain/errors.ts';
import type { PageRequest } from '../domain/page.ts';
import { json, type Queryable } from './database.ts';
import { newestFirst } from './page.ts';
import type { AppTable } from './tables/apps.ts';

export type AppRow = Selectable<AppTable>;

/** What a new app is made of. */
export interface NewApp {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Stores a new app. Where there is one with this id already, that one is answered and nothing changes. */
export async function insertApp(db: Queryable, app: NewApp, now: Date): Promise<AppRow> {
  const inserted = await db
    .insertInto('app')
    .values({
      id: app.id,
      name: app.name,
      tags: json(app.tags),
      upstream_app_id: null,
      created_at: now,
      modified_at: now,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .executeTakeFirst();
  return inserted ?? (await selectApp(db, app.id).executeTakeFirstOrThrow());
}

/** @throws RepointError NotFound when there is no such app */
export async function requireApp(db: Queryable, appId: string): Promise<AppRow> {
  return required(await selectApp(db, appId).executeTakeFirst(), appId);
}

function required(row: AppRow | undefined, appId: string): AppRow {
  if (row === undefined) throw notFound(`application ${appId}`);
  return row;
}

function selectApp(db: Queryable, appId: string) {
  return db.selectFrom('app').selectAll().where('id', '=', appId);
}

/** One row more than the page holds, where there is one. */
export async function listApps(db: Queryable, page: PageRequest): Promise<AppRow[]> {
  return await db.selectFrom('app').selectAll().$call(newestFirst(page)).execute();
}

/** What an operator sets of an app, beside what its API does. Null: the setting of the process says. */
type AppChange = Partial<Pick<AppRow, 'upstream_app_id' | 'time_scale' | 'split_evaluation' | 'entry_mode'>>;

/** @throws RepointError NotFound when there is no such app */
export async function changeApp(db: Queryable, appId: string, change: AppChange, now: Date): Promise<AppRow> {
  return await updateApp(db, appId, { ...change, modified_at: now });
}

/** Replaces an app's settings. @throws RepointError NotFound when there is no such app */
export async function replaceSettings(
  db: Queryable,
  appId: string,
  settings: AppSettings,
  now: Date,
): Promise<AppRow> {
  return await updateApp(db, appId, { settings: json(settings), settings_modified_at: now });
}

async function updateApp(db: Queryable, appId: string, change: Updateable<AppTable>): Promise<AppRow> {
  const updated = await db
    .updateTable('app')
    .set(change)
    .where('id', '=', appId)
    .returningAll()
    .executeTakeFirst();
  return required(updated, appId);
}
