import type { StreamDoor, StreamItem } from '../channels/streams/streamDoor.ts';

/** What sending a run of records came to; ids that are in no list are still to be sent. */
export interface Sending {
  readonly taken: ReadonlySet<string>;
  /** Items that the far end can never take, and why. */
  readonly skipped: ReadonlyMap<string, string>;
  readonly failure: string | null;
}

/** So many that are refused in a row, with nothing taken, are not at fault: the far end is. */
const MOST_SUSPECTS = 10;

/**
 * Sends items, call by call, so that those of one key arrive in their order: a call that may be taken in part holds one
 * item of a key at most, and where an item was not taken no later one of its key is sent. A call that the far end calls
 * unfit is made again with half of the items, down to a single one. That is skipped where the far end takes others: else it
 * may be the stream that is set up so that it refuses everything.
 * @param mayGoOn asked before each call
 * @param failures turns in a row that ended with a failure: each halves the first call, so that halving comes to its end even
 *   where the far end is so slow that a turn has time for one call
 */
export async function sendInOrder(
  door: StreamDoor,
  items: readonly StreamItem[],
  mayGoOn: () => boolean,
  failures = 0,
): Promise<Sending> {
  const taken = new Set<string>();
  const skipped = new Map(tooLong(door, items));
  const suspects = new Map<string, string>();
  const heldKeys = new Set<string>();
  let failure: string | null = null;
  let unfit: string | null = null;
  let mostRecords = Math.max(1, Math.floor(door.limits.records / 2 ** failures));
  while (mayGoOn() && (taken.size > 0 || suspects.size < MOST_SUSPECTS)) {
    const open = items.filter(({ id }) => !taken.has(id) && !skipped.has(id) && !suspects.has(id));
    const batch = nextBatch(door, open, heldKeys, mostRecords);
    const [only] = batch;
    if (only === undefined) break;
    const answer = await door.put(batch);
    if (answer.isUnfit) {
      unfit = answer.failure ?? 'refused';
      if (batch.length === 1) suspects.set(only.id, unfit);
      mostRecords = Math.ceil(batch.length / 2);
      continue;
    }
    if (unfit === null || batch.length === 1) mostRecords = door.limits.records;
    for (const id of answer.taken) taken.add(id);
    for (const item of batch) if (!answer.taken.has(item.id)) heldKeys.add(item.key);
    failure = answer.failure ?? failure;
    if (answer.taken.size === 0) break;
  }
  if (taken.size === 0) return { taken, skipped, failure: failure ?? unfit };
  for (const [id, reason] of suspects) skipped.set(id, reason);
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
