import type { Selectable } from 'kysely';
import type { AppSettings } from '../domain/appSettings.ts';
import { notFound } from '../domain/errors.ts';
import type { SplitEvaluation } from '../domain/journey/verdict.ts';
import type { PageRequest } from '../domain/page.ts';
import { json, type Queryable } from './database.ts';
import { afterPageKey } from './page.ts';
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
export async function requireApp(db: Queryable, appId: string): Promise<void> {
  const row = await db.selectFrom('app').select('id').where('id', '=', appId).executeTakeFirst();
  if (row === undefined) throw notFound(`application ${appId}`);
}

export async function findApp(db: Queryable, appId: string): Promise<AppRow | undefined> {
  return await selectApp(db, appId).executeTakeFirst();
}

function selectApp(db: Queryable, appId: string) {
  return db.selectFrom('app').selectAll().where('id', '=', appId);
}

/** One row more than the page holds, where there is one. */
export async function listApps(db: Queryable, page: PageRequest): Promise<AppRow[]> {
  return await db
    .selectFrom('app')
    .selectAll()
    .where(afterPageKey(page))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.size + 1)
    .execute();
}

/** Names the Pinpoint app behind one of ours. @returns false when there is no such app */
export async function setUpstreamApp(
  db: Queryable,
  appId: string,
  upstreamAppId: string,
  now: Date,
): Promise<boolean> {
  const updated = await db
    .updateTable('app')
    .set({ upstream_app_id: upstreamAppId, modified_at: now })
    .where('id', '=', appId)
    .returning('id')
    .executeTakeFirst();
  return updated !== undefined;
}

/** Sets by what the durations of the journeys that an app publishes are divided. @returns false when there is no such app */
export async function setTimeScale(
  db: Queryable,
  appId: string,
  timeScale: number | null,
  now: Date,
): Promise<boolean> {
  const updated = await db
    .updateTable('app')
    .set({ time_scale: timeScale, modified_at: now })
    .where('id', '=', appId)
    .returning('id')
    .executeTakeFirst();
  return updated !== undefined;
}

/** Sets when the splits of the journeys that an app publishes are judged. @returns false when there is no such app */
export async function setAppSplitEvaluation(
  db: Queryable,
  appId: string,
  splitEvaluation: SplitEvaluation | null,
  now: Date,
): Promise<boolean> {
  const updated = await db
    .updateTable('app')
    .set({ split_evaluation: splitEvaluation, modified_at: now })
    .where('id', '=', appId)
    .returning('id')
    .executeTakeFirst();
  return updated !== undefined;
}

/** Sets when members enter the journeys that an app publishes. @returns false when there is no such app */
export async function setEntryMode(
  db: Queryable,
  appId: string,
  mode: AppRow['entry_mode'],
  now: Date,
): Promise<boolean> {
  const updated = await db
    .updateTable('app')
    .set({ entry_mode: mode, modified_at: now })
    .where('id', '=', appId)
    .returning('id')
    .executeTakeFirst();
  return updated !== undefined;
}

/** Replaces an app's settings. @returns the app, or undefined when there is no such app */
export async function replaceSettings(
  db: Queryable,
  appId: string,
  settings: AppSettings,
  now: Date,
): Promise<AppRow | undefined> {
  return await db
    .updateTable('app')
    .set({ settings: json(settings), settings_modified_at: now })
    .where('id', '=', appId)
    .returningAll()
    .executeTakeFirst();
}
