import { COUNTED, type EventStream, readBacklog } from '../db/streams/eventStreams.ts';
import type { Deps } from '../deps.ts';

/** How an app's event stream does. Counts are since it was put. */
export interface StreamStatus {
  readonly Url?: string;
  readonly DestinationStreamArn?: string;
  readonly State: 'FAILING' | 'SENDING';
  /** The age of the oldest record that waits. */
  readonly LagSeconds: number;
  readonly Waiting: number;
  readonly WaitingIsAtLeast?: true;
  readonly Delivered: number;
  readonly LastDeliveredAt: string | null;
  /** Turns in a row. */
  readonly Failures: number;
  readonly LastError: string | null;
  readonly NextTryAt: string | null;
  readonly Skipped: number;
  readonly LastSkip: string | null;
  readonly Dropped: number;
  readonly LastDroppedAt: string | null;
}

/** What is answered of a stream's destination: nothing of the secret that signs. */
export function destinationOf({
  destination,
}: EventStream): Pick<StreamStatus, 'Url' | 'DestinationStreamArn'> {
  return destination.kind === 'https' ? { Url: destination.url } : { DestinationStreamArn: destination.arn };
}

/** Reads how an app's event stream does. */
export async function streamStatus(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  stream: EventStream,
): Promise<StreamStatus> {
  const { records, oldestAt } = await readBacklog(db, stream.app_id);
  const now = await clock.now();
  return {
    ...destinationOf(stream),
    State: stream.failures > 0 ? 'FAILING' : 'SENDING',
    LagSeconds: oldestAt === null ? 0 : Math.max(0, Math.round((now.getTime() - oldestAt.getTime()) / 1000)),
    Waiting: records,
    ...(records === COUNTED && { WaitingIsAtLeast: true }),
    Delivered: Number(stream.delivered),
    LastDeliveredAt: stream.delivered_at?.toISOString() ?? null,
    Failures: stream.failures,
    LastError: stream.last_error,
    NextTryAt: stream.next_try_at?.toISOString() ?? null,
    Skipped: Number(stream.skipped),
    LastSkip: stream.last_skip,
    Dropped: Number(stream.dropped),
    LastDroppedAt: stream.dropped_at?.toISOString() ?? null,
  };
}
