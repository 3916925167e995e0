import {
  CreateJourneyCommand,
  type JourneyResponse,
  type WriteJourneyRequest,
} from '@aws-sdk/client-pinpoint';
import { beforeAll } from 'vitest';
import { json } from '../../src/db/database.ts';
import { newResourceId } from '../../src/db/ids.ts';
import { insertSegment } from '../../src/db/segments/segmentVersions.ts';
import { createApp, useApi } from './api.ts';
import { addEndpoint } from './audience.ts';
import { useDatabase } from './database.ts';
import { tutorial } from './tutorial.ts';

/** An application with the tutorial's segment and two endpoints that match it, beside one that does not, and its journeys. */
export function useWrittenJourneys() {
  let appId = '';
  const segmentId = newResourceId();
  const database = useDatabase();
  const api = useApi(database);
  beforeAll(async () => {
    appId = await createApp(api.client);
    const { Name: name, ...document } = tutorial('04-create-segment');
    const segment = { id: segmentId, name, document, tags: {} };
    const now = new Date();
    await database.db.transaction().execute((tx) => insertSegment(tx, appId, segment, now));
    const users = ['premium', 'free'].map((id) => ({ id, attributes: json({ Plan: [id] }) }));
    await database.db
      .insertInto('app_user')
      .values(users.map((user) => ({ ...user, app_id: appId, updated_at: now })))
      .execute();
    for (const [id, userId] of Object.entries({ one: 'premium', two: 'premium', three: 'free' }))
      await addEndpoint(database.db, appId, id, { userId });
  });
  /** The tutorial's journey in canonical form, for this application's segment. */
  const canonical = (changes: Partial<WriteJourneyRequest> = {}): WriteJourneyRequest => ({
    ...tutorial('06-create-journey-canonical'),
    StartCondition: { SegmentStartCondition: { SegmentId: segmentId } },
    ...changes,
  });
  return {
    ...{ api, database, segmentId, canonical },
    appId: () => appId,
    create: async (changes: Partial<WriteJourneyRequest> = {}): Promise<JourneyResponse> => {
      const created = await api.client.send(
        new CreateJourneyCommand({ ApplicationId: appId, WriteJourneyRequest: canonical(changes) }),
      );
      return created.JourneyResponse ?? { ApplicationId: '', Id: '', Name: '' };
    },
    /** What waits for Temporal because of a journey, oldest first. */
    outboxOf: async (journey: JourneyResponse) =>
      await database.db
        .selectFrom('outbox')
        .select(['kind', 'workflow_id', 'payload', 'entry_id'])
        .where('workflow_id', 'like', `%${journey.Id}%`)
        .orderBy('id')
        .execute(),
  };
}
