import type { Tx } from '../db/database.ts';

/** An event as an app, a phone or a provider tells it. Unique by endpoint, event id, type and timestamp. */
export interface IncomingEvent {
  readonly endpointId: string;
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Date;
  /** The timestamp as it was written: part of what makes the event unique. */
  readonly occurredAtText: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly details: Readonly<Record<string, unknown>>;
  /** The message it is about, where the provider told. */
  readonly message?: { readonly owner: string; readonly seq: number };
}

/** Stores events, matches them against the watches of open splits and writes the wakes, all in one transaction. */
export async function recordEvents(
  _tx: Tx,
  _appId: string,
  _events: readonly IncomingEvent[],
  _now: Date,
): Promise<void> {}
