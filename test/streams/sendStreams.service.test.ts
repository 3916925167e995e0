import { DeleteEndpointCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { expect, it } from 'vitest';
import type { StreamItem } from '../../src/channels/streams/streamDoor.ts';
import type { Deps } from '../../src/deps.ts';
import { sendStreams } from '../../src/streams/sendStreams.ts';
import { typesOf, useEventStream } from '../support/eventStream.ts';

const { api, appId, database, does, farEnd, putStream, streamRow } = useEventStream();

const away = () => ({ taken: new Set<string>(), failure: 'away' });
/** As if the pause after a failure were over. */
const tryNow = () => database.db.updateTable('event_stream').set({ next_try_at: null }).execute();

it('tells an endpoint’s events in their order, across requests and within one', async () => {
  await putStream();
  await does('ann', 'one', 'two', 'three');
  await does('ann', 'four');
  const { got, deps } = farEnd();
  expect(await sendStreams(deps)).toBe(4);
  expect(typesOf(got)).toEqual(['one', 'two', 'three', 'four']);
  expect(await sendStreams(deps)).toBe(0);
});

it('passes over nothing that commits after what came later', async () => {
  await putStream();
  const { got, deps } = farEnd();
  await database.db.transaction().execute(async (tx) => {
    const record = { app_id: appId(), endpoint_id: 'late', kind: 'event', arrived_at: new Date() } as const;
    const { id } = await database.db
      .selectFrom('stream_record')
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirstOrThrow();
    expect(id).toBeNull();
    await does('late', 'stored');
    const stored = await database.db
      .deleteFrom('stream_record')
      .where('app_id', '=', appId())
      .returning('subject')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('stream_record')
      .values({ ...record, subject: stored.subject, detail: '{}' })
      .execute();
    await does('ann', 'early');
    await sendStreams(deps);
    expect(typesOf(got)).toEqual(['early']);
    const event = await database.db
      .selectFrom('event')
      .select('received_at')
      .where('id', '=', stored.subject)
      .executeTakeFirstOrThrow();
    await tx.updateTable('stream_record').set({ arrived_at: event.received_at }).execute();
  });
  await sendStreams(deps);
  expect(typesOf(got)).toEqual(['early', 'stored']);
});

it('is sent by one worker at a time', async () => {
  await putStream();
  await does('ann', 'one');
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const { promise: called, resolve: call } = Promise.withResolvers<void>();
  const slow = farEnd();
  const openStream: Deps['openStream'] = (...to) => {
    const door = slow.deps.openStream(...to);
    const put = async (items: readonly StreamItem[]) => {
      call();
      await answered;
      return door.put(items);
    };
    return { ...door, put };
  };
  const sending = sendStreams({ ...slow.deps, openStream });
  await called;
  const other = farEnd();
  expect(await sendStreams(other.deps)).toBe(0);
  resolve();
  expect(await sending).toBe(1);
  expect(typesOf(slow.got)).toEqual(['one']);
  expect(other.got).toEqual([]);
});

it('waits for a far end that is away, longer each time, and shows the lag; then sends everything', async () => {
  await putStream();
  await does('ann', 'one');
  await sendStreams(farEnd(away).deps);
  const { got, deps } = farEnd();
  expect(await sendStreams(deps)).toBe(0);
  await tryNow();
  await sendStreams(farEnd(away).deps);
  const stream = await streamRow();
  expect(stream).toMatchObject({ failures: 2, last_error: 'away', leased_until: null });
  expect((stream.next_try_at?.getTime() ?? 0) - Date.now()).toBeGreaterThan(1_000);
  await tryNow();
  expect(await sendStreams(deps)).toBe(1);
  expect(typesOf(got)).toEqual(['one']);
  expect(await streamRow()).toMatchObject({
    failures: 0,
    last_error: null,
    delivered: '1',
  });
});

it('tells nothing of who was erased meanwhile', async () => {
  await putStream();
  await api.client.send(
    new UpdateEndpointCommand({
      ApplicationId: appId(),
      EndpointId: 'ann',
      EndpointRequest: { OptOut: 'ALL' },
    }),
  );
  await does('ann', 'one');
  await does('bob', 'two');
  await api.client.send(new DeleteEndpointCommand({ ApplicationId: appId(), EndpointId: 'ann' }));
  const { got, deps } = farEnd();
  await sendStreams(deps);
  expect(typesOf(got)).toEqual(['two']);
});
