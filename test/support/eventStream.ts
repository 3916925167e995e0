import { randomUUID } from 'node:crypto';
import { DeleteAppCommand, PutEventStreamCommand, PutEventsCommand } from '@aws-sdk/client-pinpoint';
import { afterEach, beforeEach } from 'vitest';
import type { StreamAnswer, StreamItem } from '../../src/channels/streams/streamDoor.ts';
import type { Deps } from '../../src/deps.ts';
import { createApp, useApi } from './api.ts';
import { useDatabase } from './database.ts';
import { testDeps } from './deps.ts';

export const RoleArn = 'arn:aws:iam::123456789012:role/Stream';
export const arnOf = (name: string) => `arn:aws:kinesis:us-east-1:123456789012:stream/${name}`;

interface Told {
  readonly event_type: string;
  readonly client: { readonly client_id: string };
}
const textOf = (item: StreamItem): Told => JSON.parse(Buffer.from(item.bytes).toString('utf8'));

export const typesOf = (told: readonly Told[]) => told.map((one) => one.event_type);

/** An application for each test, which tells a stream what happens in it. */
export function useEventStream() {
  let appId = '';
  let minutes = 0;
  const database = useDatabase();
  const api = useApi(database);
  beforeEach(async () => {
    appId = await createApp(api.client);
  });
  afterEach(() => api.client.send(new DeleteAppCommand({ ApplicationId: appId })));
  return {
    ...{ api, database },
    appId: () => appId,
    putStream: (DestinationStreamArn = arnOf('events')) =>
      api.client.send(
        new PutEventStreamCommand({
          ApplicationId: appId,
          WriteEventStream: { DestinationStreamArn, RoleArn },
        }),
      ),
    /** Somebody does something, each a minute later than the one before. */
    does: async (endpointId: string, ...types: string[]) => {
      const Events = types.map((EventType) => {
        minutes += 1;
        const Timestamp = new Date(Date.UTC(2030, 0, 1, 0, minutes)).toISOString();
        return [randomUUID(), { EventType, Timestamp }] as const;
      });
      const BatchItem = { [endpointId]: { Endpoint: {}, Events: Object.fromEntries(Events) } };
      await api.client.send(new PutEventsCommand({ ApplicationId: appId, EventsRequest: { BatchItem } }));
    },
    /** A far end that answers as it is told to, and what it has taken. */
    farEnd: (answer: (items: readonly StreamItem[]) => Partial<StreamAnswer> = () => ({})) => {
      const got: Told[] = [];
      const openStream: Deps['openStream'] = () => ({
        limits: { records: 500, bytes: 1e6, recordBytes: 100_000 },
        isAtomic: false,
        put: async (items) => {
          const all = { taken: new Set(items.map(({ id }) => id)), failure: null, isUnfit: false };
          const given = { ...all, ...answer(items) };
          got.push(...items.filter(({ id }) => given.taken.has(id)).map(textOf));
          return given;
        },
      });
      return { got, deps: testDeps(database.db, { openStream }) };
    },
    streamRow: () => database.db.selectFrom('event_stream').selectAll().executeTakeFirstOrThrow(),
  };
}
