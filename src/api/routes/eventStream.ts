import type { EventStream } from '@aws-sdk/client-pinpoint';
import { parseEventStream } from '../../contract/eventStream.ts';
import {
  deleteStream,
  findStream,
  putStream,
  type EventStream as StoredStream,
} from '../../db/streams/eventStreams.ts';
import { notFound } from '../../domain/errors.ts';
import type { Handlers } from '../handler.ts';

export const eventStreamHandlers = {
  PutEventStream: async ({ ApplicationId: appId = '', WriteEventStream }, { deps, accessKeyId }) => {
    const destination = parseEventStream(WriteEventStream ?? {});
    const stream = { appId, destination, modifiedBy: accessKeyId };
    const stored = await putStream(deps.db, stream, await deps.clock.now());
    return { EventStream: eventStream(stored, appId) };
  },

  GetEventStream: async ({ ApplicationId: appId = '' }, { deps }) => ({
    EventStream: eventStream(await findStream(deps.db, appId), appId),
  }),

  DeleteEventStream: async ({ ApplicationId: appId = '' }, { deps }) => {
    const deleted = await deps.db.transaction().execute(async (tx) => {
      const answer = eventStream(await findStream(tx, appId), appId);
      await deleteStream(tx, appId);
      return answer;
    });
    return { EventStream: deleted };
  },
} satisfies Handlers;

/** @throws RepointError NotFound where there is none, or one that Pinpoint has no form for */
function eventStream(stored: StoredStream | undefined, appId: string): EventStream {
  if (stored === undefined || stored.destination.kind === 'https')
    throw notFound(`event stream of application ${appId}`);
  const { arn, roleArn } = stored.destination;
  return {
    ApplicationId: appId,
    DestinationStreamArn: arn,
    RoleArn: roleArn,
    LastModifiedDate: stored.modified_at.toISOString(),
    ...(stored.modified_by !== null && { LastUpdatedBy: stored.modified_by }),
  };
}
