import { describe, expect, it } from 'vitest';
import type { StreamAnswer, StreamDoor, StreamItem } from '../../src/channels/streams/streamDoor.ts';
import { sendInOrder } from '../../src/streams/batches.ts';

const item = (id: number, key: string, size = 10): StreamItem => ({
  id: String(id),
  key,
  bytes: new Uint8Array(size),
});
const idsOf = (items: readonly StreamItem[]) => items.map(({ id }) => id).join(' ');

interface FarEnd extends StreamDoor {
  readonly calls: string[];
}

/** A far end that answers each call by a rule. */
function farEnd(
  answer: (items: readonly StreamItem[], call: number) => Partial<StreamAnswer>,
  { isAtomic = false, limits = {} as Partial<StreamDoor['limits']> } = {},
): FarEnd {
  const calls: string[] = [];
  return {
    calls,
    limits: { records: 3, bytes: 100, recordBytes: 50, ...limits },
    isAtomic,
    put: async (items) => {
      calls.push(idsOf(items));
      const all = new Set(items.map(({ id }) => id));
      return { taken: all, failure: null, isUnfit: false, ...answer(items, calls.length) };
    },
  };
}
const takesAll = () => ({});
const always = () => true;

describe('a far end that may take a call in part', () => {
  it('gets one record of an endpoint in a call, the next in the call after it', async () => {
    const end = farEnd(takesAll);
    const items = [item(1, 'ann'), item(2, 'ann'), item(3, 'bob'), item(4, 'ann'), item(5, 'cy')];
    const { taken, failure } = await sendInOrder(end, items, always);
    expect(end.calls).toEqual(['1 3 5', '2', '4']);
    expect([...taken].sort()).toEqual(['1', '2', '3', '4', '5']);
    expect(failure).toBeNull();
  });

  it('gets no later record of an endpoint once one was not taken, and all of the others', async () => {
    const end = farEnd((items, call) =>
      call === 1
        ? { taken: new Set(items.filter(({ key }) => key !== 'ann').map(({ id }) => id)), failure: 'slow' }
        : {},
    );
    const items = [item(1, 'ann'), item(2, 'bob'), item(3, 'ann'), item(4, 'bob')];
    const { taken, failure } = await sendInOrder(end, items, always);
    expect(end.calls).toEqual(['1 2', '4']);
    expect([...taken]).toEqual(['2', '4']);
    expect(failure).toBe('slow');
  });
});

it('lets records of one endpoint share a call where the far end takes all of it or none', async () => {
  const end = farEnd(takesAll, { isAtomic: true });
  await sendInOrder(end, [item(1, 'ann'), item(2, 'ann'), item(3, 'ann'), item(4, 'ann')], always);
  expect(end.calls).toEqual(['1 2 3', '4']);
});

it('stops at a far end that takes nothing', async () => {
  const end = farEnd(() => ({ taken: new Set(), failure: 'away' }));
  const { taken, failure } = await sendInOrder(end, [item(1, 'ann'), item(2, 'bob')], always);
  expect(end.calls).toEqual(['1 2']);
  expect(taken.size).toBe(0);
  expect(failure).toBe('away');
});

it('keeps to the bytes of a call', async () => {
  const end = farEnd(takesAll);
  await sendInOrder(end, [item(1, 'a', 50), item(2, 'b', 50), item(3, 'c', 1)], always);
  expect(end.calls).toEqual(['1 2', '3']);
});

it('skips a record that is too long, and sends the next ones of its endpoint', async () => {
  const end = farEnd(takesAll);
  const { skipped } = await sendInOrder(end, [item(1, 'ann', 51), item(2, 'ann')], always);
  expect([...skipped]).toEqual([['1', 'the record has 51 bytes; the far end takes 50']]);
  expect(end.calls).toEqual(['2']);
});

it('finds the one record that a far end will never take, skips it and sends all others', async () => {
  const end = farEnd(
    (items) =>
      items.some(({ id }) => id === '3') ? { taken: new Set(), failure: 'malformed', isUnfit: true } : {},
    { limits: { records: 8 } },
  );
  const items = [1, 2, 3, 4, 5, 6].map((id) => item(id, `key${id}`));
  const { taken, skipped, failure } = await sendInOrder(end, items, always);
  expect([...skipped]).toEqual([['3', 'malformed']]);
  expect([...taken].sort()).toEqual(['1', '2', '4', '5', '6']);
  expect(failure).toBeNull();
});

it('skips nothing where everything is refused: then it is the stream that is wrong', async () => {
  const refuses = { taken: new Set<string>(), failure: 'InvalidArgumentException', isUnfit: true };
  const end = farEnd(() => refuses);
  const items = Array.from({ length: 100 }, (_, id) => item(id, `${id}`));
  const { taken, skipped, failure } = await sendInOrder(end, items, always);
  expect({ taken: taken.size, skipped: skipped.size, failure }).toEqual({
    taken: 0,
    skipped: 0,
    failure: 'InvalidArgumentException',
  });
  expect(end.calls.length).toBeLessThan(20);
});

it('finds how much a far end takes at once, and keeps to it', async () => {
  const taking = (items: readonly StreamItem[]) =>
    items.length > 25 ? { taken: new Set<string>(), failure: '413', isUnfit: true } : {};
  const end = farEnd(taking, { limits: { records: 100, bytes: 10_000 } });
  const items = Array.from({ length: 100 }, (_, id) => item(id, `${id}`));
  const { taken, failure } = await sendInOrder(end, items, always);
  expect(taken.size).toBe(100);
  expect(failure).toBeNull();
  expect(end.calls).toHaveLength(6);
});

it('comes to the end of halving over several turns where there is time for one call in each', async () => {
  const taking = (items: readonly StreamItem[]) =>
    items.length > 25 ? { taken: new Set<string>(), failure: '413', isUnfit: true } : {};
  const end = farEnd(taking, { limits: { records: 100, bytes: 10_000 } });
  const items = Array.from({ length: 100 }, (_, id) => item(id, `${id}`));
  const turns = await Promise.all([0, 1, 2].map((failures) => sendInOrder(end, items, oneCall(), failures)));
  expect(turns.map(({ taken, failure }) => [taken.size, failure])).toEqual([
    [0, '413'],
    [0, '413'],
    [25, null],
  ]);
});

function oneCall(): () => boolean {
  let left = 1;
  return () => left-- > 0;
}

it('begins no call when its time is over', async () => {
  const end = farEnd(takesAll);
  const { taken } = await sendInOrder(end, [item(1, 'ann'), item(2, 'ann')], () => end.calls.length === 0);
  expect(end.calls).toEqual(['1']);
  expect([...taken]).toEqual(['1']);
});
