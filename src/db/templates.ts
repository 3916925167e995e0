import { type Selectable, sql } from 'kysely';
import { json, type Queryable, type Tx } from './database.ts';
import type { TemplateTable, TemplateVersionTable } from './tables/templates.ts';

export type TemplateRow = Selectable<TemplateTable>;
export type TemplateVersionRow = Selectable<TemplateVersionTable>;

/** Which template: names are unique per type, over all apps. */
export interface TemplateKey {
  readonly name: string;
  readonly type: string;
}

type Document = Readonly<Record<string, unknown>>;

/** Creates a template with version 1, active. False where it exists. */
export async function insertTemplate(
  tx: Tx,
  key: TemplateKey,
  document: Document,
  tags: Record<string, string>,
  now: Date,
): Promise<boolean> {
  const inserted = await tx
    .insertInto('template')
    .values({
      ...key,
      active_version: 1,
      latest_version: 1,
      tags: json(tags),
      created_at: now,
      modified_at: now,
    })
    .onConflict((conflict) => conflict.columns(['name', 'type']).doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows === 0n) return false;
  await putVersion(tx, key, 1, document, now);
  return true;
}

/** A template without its versions; undefined where there is none. */
export async function findTemplate(db: Queryable, key: TemplateKey): Promise<TemplateRow | undefined> {
  return db
    .selectFrom('template')
    .selectAll()
    .where('name', '=', key.name)
    .where('type', '=', key.type)
    .executeTakeFirst();
}

/** A template under its lock: whoever changes versions waits. */
export async function lockTemplate(tx: Tx, key: TemplateKey): Promise<TemplateRow | undefined> {
  return tx
    .selectFrom('template')
    .selectAll()
    .where('name', '=', key.name)
    .where('type', '=', key.type)
    .forUpdate()
    .executeTakeFirst();
}

/** One version; without a number the active one. */
export async function findTemplateVersion(
  db: Queryable,
  key: TemplateKey,
  version?: number,
): Promise<TemplateVersionRow | undefined> {
  return db
    .selectFrom('template_version')
    .innerJoin('template', (join) =>
      join
        .onRef('template.name', '=', 'template_version.name')
        .onRef('template.type', '=', 'template_version.type'),
    )
    .selectAll('template_version')
    .where('template.name', '=', key.name)
    .where('template.type', '=', key.type)
    .where('template_version.version', '=', (eb) =>
      version === undefined ? eb.ref('template.active_version') : eb.val(version),
    )
    .executeTakeFirst();
}

/** Writes a version, new or over what was there. */
export async function saveVersion(
  tx: Tx,
  key: TemplateKey,
  version: number,
  document: Document,
  now: Date,
): Promise<void> {
  await putVersion(tx, key, version, document, now);
  await tx
    .updateTable('template')
    .set({ latest_version: sql<number>`greatest(latest_version, ${version})`, modified_at: now })
    .where('name', '=', key.name)
    .where('type', '=', key.type)
    .execute();
}

async function putVersion(
  tx: Tx,
  key: TemplateKey,
  version: number,
  document: Document,
  now: Date,
): Promise<void> {
  await tx
    .insertInto('template_version')
    .values({ ...key, version, document: json(document), created_at: now, modified_at: now })
    .onConflict((conflict) =>
      conflict
        .columns(['name', 'type', 'version'])
        .doUpdateSet({ document: json(document), modified_at: now }),
    )
    .execute();
}

/** Sets which version is active; lock the template before. */
export async function updateTemplate(
  tx: Tx,
  key: TemplateKey,
  change: Partial<Pick<TemplateRow, 'active_version' | 'modified_at'>>,
): Promise<void> {
  await tx
    .updateTable('template')
    .set(change)
    .where('name', '=', key.name)
    .where('type', '=', key.type)
    .execute();
}

/** Deletes a template with all its versions. False where there is none. */
export async function deleteTemplate(tx: Tx, key: TemplateKey): Promise<boolean> {
  const deleted = await tx
    .deleteFrom('template')
    .where('name', '=', key.name)
    .where('type', '=', key.type)
    .executeTakeFirst();
  return deleted.numDeletedRows > 0n;
}

/** Deletes one version and answers the highest that is left, null where none is; undefined where it was not there. */
export async function deleteTemplateVersion(
  tx: Tx,
  key: TemplateKey,
  version: number,
): Promise<number | null | undefined> {
  const deleted = await tx
    .deleteFrom('template_version')
    .where('name', '=', key.name)
    .where('type', '=', key.type)
    .where('version', '=', version)
    .executeTakeFirst();
  if (deleted.numDeletedRows === 0n) return undefined;
  return (await highestVersion(tx, key)) ?? null;
}

/** The highest version that is there; `latest_version` counts deleted ones too, so that no number is used twice. */
export async function highestVersion(tx: Tx, key: TemplateKey): Promise<number | undefined> {
  const row = await tx
    .selectFrom('template_version')
    .select('version')
    .where('name', '=', key.name)
    .where('type', '=', key.type)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.version;
}

/** Where a page of templates starts: after this one. */
export interface TemplatePosition extends TemplateKey {
  readonly createdAt: Date;
}

export interface TemplateFilter {
  readonly prefix?: string | undefined;
  readonly type?: string | undefined;
}

export type ListedTemplate = TemplateRow & Pick<TemplateVersionRow, 'document'>;

/** Templates with their active version's document, newest first. */
export async function listTemplates(
  db: Queryable,
  filter: TemplateFilter,
  after: TemplatePosition | undefined,
  limit: number,
): Promise<ListedTemplate[]> {
  let query = db
    .selectFrom('template')
    .innerJoin('template_version', (join) =>
      join
        .onRef('template.name', '=', 'template_version.name')
        .onRef('template.type', '=', 'template_version.type')
        .onRef('template.active_version', '=', 'template_version.version'),
    )
    .selectAll('template')
    .select('template_version.document');
  const { prefix, type } = filter;
  if (type !== undefined) query = query.where('template.type', '=', type);
  if (prefix !== undefined) query = query.where(sql<boolean>`starts_with(template.name, ${prefix})`);
  if (after !== undefined) {
    query = query.where(
      sql<boolean>`(template.created_at, template.name, template.type) < (${after.createdAt}, ${after.name}, ${after.type})`,
    );
  }
  return query
    .orderBy('template.created_at', 'desc')
    .orderBy('template.name', 'desc')
    .orderBy('template.type', 'desc')
    .limit(limit)
    .execute();
}

/** A template's versions below a number, newest first. */
export async function listTemplateVersions(
  db: Queryable,
  key: TemplateKey,
  below: number | undefined,
  limit: number,
): Promise<TemplateVersionRow[]> {
  return db
    .selectFrom('template_version')
    .selectAll()
    .where('name', '=', key.name)
    .where('type', '=', key.type)
    .$if(below !== undefined, (query) => query.where('version', '<', below ?? 0))
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
}
