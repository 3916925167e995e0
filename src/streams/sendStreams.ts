import { randomUUID } from 'node:crypto';
import type { StreamItem } from '../channels/streams/streamDoor.ts';
import { type EventStream, leaseStreams, recordTurn, type Turn } from '../db/streams/eventStreams.ts';
import { nextRecords, type StreamRecordRow } from '../db/streams/streamRecords.ts';
import { readSources } from '../db/streams/streamSources.ts';
import type { Deps } from '../deps.ts';
import { type Sending, sendInOrder } from './batches.ts';
import { streamRecord } from './streamRecord.ts';

/** Streams that one turn of a worker sends side by side. */
const STREAMS_AT_ONCE = 10;
/** Records of a stream that are in memory at once. */
const RECORDS_A_TURN = 1_000;
/** A turn begins no call after this (real milliseconds): with a call's own time it ends within its lease. */
const TURN_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

type StreamDeps = Pick<Deps, 'db' | 'clock' | 'log' | 'config' | 'openStream'>;

/** This process, among those that send streams. */
const worker = randomUUID();

/**
 * Sends what waits in event streams, a turn of each that no other worker has taken. At least once, and in order for each
 * endpoint: a record leaves only when the far end has it, and nothing is passed over because it committed late.
 * @returns how many records left
 */
export async function sendStreams(deps: StreamDeps): Promise<number> {
  const streams = await leaseStreams(deps.db, worker, new Date(), STREAMS_AT_ONCE);
  const turns = await Promise.all(streams.map((stream) => sendStream(deps, stream)));
  return turns.reduce((sum, left) => sum + left, 0);
}

async function sendStream(deps: StreamDeps, stream: EventStream): Promise<number> {
  const until = performance.now() + TURN_MS;
  const rows = await nextRecords(deps.db, stream.app_id, RECORDS_A_TURN);
  const { items, erasedIds } = await itemsOf(deps, stream.app_id, rows);
  const door = deps.openStream(stream.app_id, stream.destination);
  const sending = await sendInOrder(door, items, () => performance.now() < until, stream.failures);
  const turn = turnOf(stream, sending, erasedIds);
  const logical = await deps.clock.now();
  await deps.db.transaction().execute((tx) => recordTurn(tx, stream, turn, logical));
  tell(deps, stream, rows, sending);
  return turn.doneIds.length;
}

async function itemsOf(
  { db, config }: StreamDeps,
  appId: string,
  rows: readonly StreamRecordRow[],
): Promise<{ items: StreamItem[]; erasedIds: string[] }> {
  const sources = await readSources(db, appId, rows);
  const items: StreamItem[] = [];
  const erasedIds: string[] = [];
  for (const row of rows) {
    const record = streamRecord(row, sources, config.REPOINT_ACCOUNT_ID);
    if (record === undefined) erasedIds.push(row.id);
    else items.push({ id: row.id, key: row.endpoint_id, bytes: Buffer.from(`${JSON.stringify(record)}\n`) });
  }
  return { items, erasedIds };
}

function turnOf(
  stream: EventStream,
  { taken, skipped, failure }: Sending,
  erasedIds: readonly string[],
): Turn {
  return {
    doneIds: [...taken, ...skipped.keys(), ...erasedIds],
    delivered: taken.size,
    skipped: skipped.size,
    lastSkip: [...skipped.values()].at(-1) ?? null,
    failure,
    nextTryAt: failure === null ? null : new Date(Date.now() + pauseMs(taken.size > 0 ? 0 : stream.failures)),
  };
}

/** Real milliseconds after so many failures in a row. */
function pauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(failures, 10));
}

/** What may be logged: ids of records and what the far end said of them, nothing of what they tell. */
function tell(
  { log }: StreamDeps,
  { app_id: appId, failures }: EventStream,
  rows: readonly StreamRecordRow[],
  { skipped, failure }: Sending,
): void {
  for (const [id, reason] of skipped) {
    const row = rows.find((one) => one.id === id);
    log.error(
      { appId, kind: row?.kind, subject: row?.subject, reason },
      'a record of the event stream was skipped: its far end can never take it',
    );
  }
  if (failure === null) {
    if (failures > 0) log.info({ appId }, 'the event stream is taken again');
    return;
  }
  const oldestAt = rows[0]?.arrived_at.toISOString();
  log.warn(
    { appId, reason: failure, failures: failures + 1, oldestAt },
    'the event stream waits: its far end does not take it',
  );
}
