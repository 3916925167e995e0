import { randomUUID } from 'node:crypto';
import { DeleteEventStreamCommand } from '@aws-sdk/client-pinpoint';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { readBacklog } from '../../src/db/streams/eventStreams.ts';
import { sendStreams } from '../../src/streams/sendStreams.ts';
import { trimStreams } from '../../src/streams/trimStreams.ts';
import { testDeps, testSettings } from '../support/deps.ts';
import { typesOf, useEventStream } from '../support/eventStream.ts';

const { api, appId, database, does, farEnd, putStream, streamRow } = useEventStream();

it('gives up the oldest when the far end was away too long, or too much waits, and counts them', async () => {
  await putStream();
  await does('ann', 'one', 'two');
  await does('ann', 'three');
  const settings = { ...testSettings, REPOINT_STREAM_KEEP_HOURS: '2' };
  const later = { now: async () => new Date(Date.now() + 3_600_000) };
  const config = readConfig(settings);
  expect(await trimStreams(testDeps(database.db, { config, clock: later }))).toBe(0);
  const few = { ...config, REPOINT_STREAM_KEEP_RECORDS: 1 };
  expect(await trimStreams(testDeps(database.db, { config: few, clock: later }))).toBe(2);
  const { got, deps } = farEnd();
  await does('ann', 'four');
  const tomorrow = { now: async () => new Date(Date.now() + 86_400_000) };
  expect(await trimStreams(testDeps(database.db, { config, clock: tomorrow }))).toBe(2);
  await does('ann', 'five');
  await sendStreams(deps);
  expect(typesOf(got)).toEqual(['five']);
  expect(await streamRow()).toMatchObject({
    dropped: '4',
    dropped_at: expect.any(Date),
  });
});

it('ends with its stream, and what an app without one does is not kept for one', async () => {
  await does('ann', 'before');
  await putStream();
  await does('ann', 'one');
  await api.client.send(new DeleteEventStreamCommand({ ApplicationId: appId() }));
  expect(await readBacklog(database.db, appId())).toEqual({ records: 0, oldestAt: null });
  await putStream();
  await does('ann', 'two');
  const { got, deps } = farEnd();
  await sendStreams(deps);
  expect(typesOf(got)).toEqual(['two']);
});

it('forgets what committed beside the deletion of its stream', async () => {
  await database.db
    .insertInto('stream_record')
    .values({
      app_id: appId(),
      endpoint_id: 'ann',
      kind: 'event',
      subject: randomUUID(),
      detail: '{}',
      arrived_at: new Date(),
    })
    .execute();
  expect(await trimStreams(testDeps(database.db))).toBe(1);
  expect(await readBacklog(database.db, appId())).toEqual({ records: 0, oldestAt: null });
});
