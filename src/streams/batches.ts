import type { StreamDoor, StreamItem } from '../channels/streams/streamDoor.ts';

/** What sending a run of records came to; ids that are in no list are still to be sent. */
export interface Sending {
  readonly taken: ReadonlySet<string>;
  /** Items that the far end can never take, and why. */
  readonly skipped: ReadonlyMap<string, string>;
  readonly failure: string | null;
}

/**
 * Sends items, call by call, so that those of one key arrive in their order: a call that may be taken in part holds one
 * item of a key at most, and where an item was not taken no later one of its key is sent. A call that the far end calls
 * unfit is made again with half of the items, down to the one that it will never take, which is skipped.
 * @param mayGoOn asked before each call
 */
export async function sendInOrder(
  door: StreamDoor,
  items: readonly StreamItem[],
  mayGoOn: () => boolean,
): Promise<Sending> {
  const taken = new Set<string>();
  const skipped = new Map(tooLong(door, items));
  const heldKeys = new Set<string>();
  let failure: string | null = null;
  let mostRecords = door.limits.records;
  while (mayGoOn()) {
    const open = items.filter((item) => !taken.has(item.id) && !skipped.has(item.id));
    const batch = nextBatch(door, open, heldKeys, mostRecords);
    const [only] = batch;
    if (only === undefined) break;
    const answer = await door.put(batch);
    if (answer.isUnfit && batch.length > 1) {
      mostRecords = Math.ceil(batch.length / 2);
      continue;
    }
    mostRecords = door.limits.records;
    if (answer.isUnfit) {
      skipped.set(only.id, answer.failure ?? 'refused');
      continue;
    }
    for (const id of answer.taken) taken.add(id);
    for (const item of batch) if (!answer.taken.has(item.id)) heldKeys.add(item.key);
    failure = answer.failure ?? failure;
    if (answer.taken.size === 0) break;
  }
  return { taken, skipped, failure };
}

function tooLong({ limits }: StreamDoor, items: readonly StreamItem[]): [string, string][] {
  return items.flatMap(({ id, bytes }) =>
    bytes.length > limits.recordBytes
      ? [[id, `the record has ${bytes.length} bytes; the far end takes ${limits.recordBytes}`]]
      : [],
  );
}

/** The first items that fit into a call; what is passed over holds back the rest of its key. */
function nextBatch(
  door: StreamDoor,
  items: readonly StreamItem[],
  heldKeys: ReadonlySet<string>,
  mostRecords: number,
): StreamItem[] {
  const keys = new Set(heldKeys);
  const batch: StreamItem[] = [];
  let bytes = 0;
  for (const item of items) {
    if (keys.has(item.key)) continue;
    if (batch.length >= mostRecords || bytes + item.bytes.length > door.limits.bytes) break;
    batch.push(item);
    bytes += item.bytes.length;
    if (!door.isAtomic) keys.add(item.key);
  }
  return batch;
}
