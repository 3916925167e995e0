import type { Generated, GeneratedAlways } from 'kysely';
import type { StreamDestination } from '../../domain/stream/destination.ts';
import type { RecordDetail, RecordKind } from '../../domain/stream/record.ts';
import type { Json } from './columns.ts';

export interface EventStreamTable {
  app_id: string;
  destination: Json<StreamDestination>;
  modified_at: Date;
  /** The access key that put it. */
  modified_by: string | null;
  /** The worker process that sends it now, until when (real time). */
  leased_by: string | null;
  leased_until: Date | null;
  /** Real time before which nothing is tried again. */
  next_try_at: Date | null;
  /** Turns in a row that ended with a failure, and what the latest said. */
  failures: Generated<number>;
  last_error: string | null;
  /** How many records the far end has taken since the stream was put, and when the latest (logical time). */
  delivered: Generated<string>;
  delivered_at: Date | null;
  /** Records that no far end could take, and why not the latest. */
  skipped: Generated<string>;
  last_skip: string | null;
  /** Records given up because the far end was away for too long. */
  dropped: Generated<string>;
  dropped_at: Date | null;
}

export interface StreamRecordTable {
  app_id: string;
  /** The order of sending. */
  id: GeneratedAlways<string>;
  endpoint_id: string;
  kind: RecordKind;
  /** The event, or the owner of the message. */
  subject: string;
  detail: Json<RecordDetail>;
  arrived_at: Date;
}
