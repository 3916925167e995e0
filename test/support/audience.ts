import type { Database } from '../../src/db/database.ts';
import { json } from '../../src/db/database.ts';
import { insertSegment } from '../../src/db/segments/segmentVersions.ts';

export interface EndpointToAdd {
  readonly channelType?: string;
  readonly address?: string;
  readonly userId?: string;
  readonly optOut?: 'NONE' | 'ALL';
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly attributes?: Record<string, string[]>;
}

/** An endpoint as it would stand after UpdateEndpoint; by default an e-mail address named for its id. */
export async function addEndpoint(
  db: Database,
  appId: string,
  id: string,
  endpoint: EndpointToAdd = {},
): Promise<void> {
  const now = new Date();
  await db
    .insertInto('endpoint')
    .values({
      app_id: appId,
      id,
      user_id: endpoint.userId ?? null,
      channel_type: endpoint.channelType ?? 'EMAIL',
      address: endpoint.address ?? `${id}@example.com`,
      status: endpoint.status ?? 'ACTIVE',
      opt_out: endpoint.optOut ?? 'NONE',
      attributes: json(endpoint.attributes ?? {}),
      request_id: null,
      cohort: 0,
      effective_date: now,
      created_at: now,
      updated_at: now,
    })
    .execute();
}

/** A segment of every endpoint of the app. */
export async function addEveryone(db: Database, appId: string, id: string): Promise<void> {
  const segment = { id, name: id, document: { Dimensions: {} }, tags: {} };
  await db.transaction().execute((tx) => insertSegment(tx, appId, segment, new Date()));
}
