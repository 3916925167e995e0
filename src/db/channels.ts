import type { Selectable } from 'kysely';
import { json, type Queryable } from './database.ts';
import type { ChannelTable } from './tables/apps.ts';

export type ChannelRow = Selectable<ChannelTable>;

/** What an update leaves of a channel: never a credential, only whether there is one. */
export interface ChannelState {
  readonly enabled: boolean;
  readonly hasCredential: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The access key that the update bears. */
  readonly modifiedBy: string;
}

/** An app's channel of a kind (`EMAIL`, `APNS_SANDBOX`); undefined where it was never set up. */
export async function findChannel(
  db: Queryable,
  appId: string,
  kind: string,
): Promise<ChannelRow | undefined> {
  return await db
    .selectFrom('channel')
    .selectAll()
    .where('app_id', '=', appId)
    .where('kind', '=', kind)
    .executeTakeFirst();
}

/** An app's channels by their kind. */
export async function listChannels(db: Queryable, appId: string): Promise<ChannelRow[]> {
  return await db.selectFrom('channel').selectAll().where('app_id', '=', appId).orderBy('kind').execute();
}

/** Stores a channel, new or again; each time its version counts up by one. */
export async function storeChannel(
  db: Queryable,
  appId: string,
  kind: string,
  state: ChannelState,
  now: Date,
): Promise<ChannelRow> {
  const values = {
    enabled: state.enabled,
    has_credential: state.hasCredential,
    settings: json(state.settings),
    modified_by: state.modifiedBy,
    modified_at: now,
  };
  return await db
    .insertInto('channel')
    .values({ app_id: appId, kind, version: 1, created_at: now, ...values })
    .onConflict((conflict) =>
      conflict
        .columns(['app_id', 'kind'])
        .doUpdateSet((eb) => ({ ...values, version: eb('channel.version', '+', 1) })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** @returns the channel as it was; `undefined` when there is none */
export async function deleteChannel(
  db: Queryable,
  appId: string,
  kind: string,
): Promise<ChannelRow | undefined> {
  return await db
    .deleteFrom('channel')
    .where('app_id', '=', appId)
    .where('kind', '=', kind)
    .returningAll()
    .executeTakeFirst();
}
