import type { Resource } from '../domain/arn.ts';
import { json, type Queryable, type Tx } from './database.ts';

export type StoredTags = Readonly<Record<string, string>>;

/** What can carry tags; a journey cannot, as it could not in Pinpoint. */
export type TaggedResource = Exclude<Resource, { kind: 'journey' }>;

/** @returns the tags of a resource; `undefined` when there is no such resource */
export async function readTags(db: Queryable, resource: TaggedResource): Promise<StoredTags | undefined> {
  return (await selectTags(db, resource).executeTakeFirst())?.tags;
}

/**
 * Replaces a resource's tags by what `change` makes of them, with the row locked in between.
 * @returns false when there is no such resource
 */
export async function changeTags(
  tx: Tx,
  resource: TaggedResource,
  change: (tags: StoredTags) => StoredTags,
): Promise<boolean> {
  const row = await selectTags(tx, resource).forUpdate().executeTakeFirst();
  if (row === undefined) return false;
  await writeTags(tx, resource, json(change(row.tags)));
  return true;
}

function selectTags(db: Queryable, resource: TaggedResource) {
  switch (resource.kind) {
    case 'app':
      return db.selectFrom('app').select('tags').where('id', '=', resource.appId);
    case 'segment':
      return db
        .selectFrom('segment')
        .select('tags')
        .where('app_id', '=', resource.appId)
        .where('id', '=', resource.id);
    case 'campaign':
      return db
        .selectFrom('campaign')
        .select('tags')
        .where('app_id', '=', resource.appId)
        .where('id', '=', resource.id);
    default:
      return db
        .selectFrom('template')
        .select('tags')
        .where('name', '=', resource.name)
        .where('type', '=', resource.type);
  }
}

async function writeTags(tx: Tx, resource: TaggedResource, tags: string): Promise<void> {
  switch (resource.kind) {
    case 'app':
      await tx.updateTable('app').set({ tags }).where('id', '=', resource.appId).execute();
      return;
    case 'segment':
    case 'campaign':
      await tx
        .updateTable(resource.kind)
        .set({ tags })
        .where('app_id', '=', resource.appId)
        .where('id', '=', resource.id)
        .execute();
      return;
    case 'template':
      await tx
        .updateTable('template')
        .set({ tags })
        .where('name', '=', resource.name)
        .where('type', '=', resource.type)
        .execute();
  }
}
